import type { MailWorld } from '#engine/net/mail-world.ts'
import { type MailReach, type MakeMailReach, noMail } from '#engine/mailboxes/mail-reach.ts'
import { phasesOf } from '#engine/mailboxes/phases-of.ts'
import { ok } from '#shared/failure.ts'
import type {
  ConnectionFailureCode,
  ConnectionResult,
  ConnectionSettings,
  Credential,
  PhaseId,
} from '#shared/model/connection.ts'
import type { Discovery } from '#shared/model/discovery.ts'

/** How one test ends: null lets it pass; `hang` waits until it is cancelled. */
export type StandInEnd = { code: ConnectionFailureCode; phase: PhaseId; evidence?: string } | null | 'hang'

export type StandInMail = {
  readonly makeMail: MakeMailReach
  /** What was tested, in order. The passwords are made up. */
  readonly tested: { settings: ConnectionSettings; credential: Credential }[]
  /** Most tests under way at once, in all and at one host. */
  readonly most: { all: number; perHost: number }
  /** How tests of this address end from now on. */
  decide(address: string, end: StandInEnd): void
  /** The next test of this address waits, its end decided, until the answer is called. */
  hold(address: string): () => void
  /** What discovery answers for a domain; without it nothing is found. */
  find(domain: string, discovery: Discovery): void
}

const passed: ConnectionResult = {
  result: 'passed',
  failures: [],
  notices: [],
  alternatives: [],
  delivery: { folder: 'INBOX', folderKind: 'inbox', delayMs: 900, authentication: [] },
  certificate: null,
  tookMs: 5,
}

/** Mail servers that end every test as they are told, phase by phase, in the shape of the real test. */
export function standInMail(world: MailWorld | null = null): StandInMail {
  const ends = new Map<string, StandInEnd>()
  const held = new Map<string, Promise<void>>()
  const found = new Map<string, Discovery>()
  const tested: StandInMail['tested'] = []
  const running: string[] = []
  const most = { all: 0, perHost: 0 }

  const testConnection: MailReach['testConnection'] = async function* (settings, credential, signal) {
    tested.push({ settings, credential })
    const host = settings.smtp.server.host
    running.push(host)
    most.all = Math.max(most.all, running.length)
    most.perHost = Math.max(most.perHost, running.filter(one => one === host).length)
    try {
      const end = ends.get(settings.address) ?? null
      const wait = held.get(settings.address)
      held.delete(settings.address)
      await wait
      if (end === 'hang') await new Promise(resolve => signal.addEventListener('abort', resolve))
      for (const phase of phasesOf(settings)) {
        yield { kind: 'phase', phase, state: 'running', ms: 0, evidence: null }
        await new Promise(resolve => setImmediate(resolve))
        if (end !== null && end !== 'hang' && end.phase === phase) {
          const evidence = end.evidence ?? null
          yield { kind: 'phase', phase, state: 'failed', ms: 1, evidence }
          const facts = { host, port: settings.smtp.server.port }
          const failures = [{ phase, code: end.code, evidence, facts }]
          return { ...passed, result: 'failed', failures, delivery: null }
        }
        yield { kind: 'phase', phase, state: 'passed', ms: 1, evidence: `${phase} is well` }
      }
      return settings.testEmail && settings.imap !== null
        ? passed
        : { ...passed, result: 'partly', delivery: null }
    } finally {
      running.splice(running.indexOf(host), 1)
    }
  }
  return {
    makeMail: options => ({
      ...noMail(options),
      world,
      testConnection,
      discover: async function* (address) {
        yield* []
        const domain = address.slice(address.lastIndexOf('@') + 1)
        return ok(found.get(domain) ?? { ...nothingFound, address, domain })
      },
    }),
    tested,
    most,
    decide: (address, end) => void ends.set(address, end),
    hold: address => {
      const gate = new EventTarget()
      held.set(
        address,
        new Promise(resolve => gate.addEventListener('open', () => resolve(), { once: true })),
      )
      return () => void gate.dispatchEvent(new Event('open'))
    },
    find: (domain, discovery) => void found.set(domain, discovery),
  }
}

const nothingFound: Discovery = {
  address: '',
  domain: '',
  provider: null,
  candidates: [],
  chosen: null,
  rules: [],
  sources: [],
  suggestion: null,
}
