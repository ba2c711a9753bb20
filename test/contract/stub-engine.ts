import { setImmediate } from 'node:timers/promises'
import { ORPCError } from '@orpc/server'
import { type EngineRouter, guarded } from '#engine/guard.ts'
import type { Log, LogFields } from '#engine/platform.ts'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { ChangeBatch } from '#shared/model/change.ts'
import type { InspectedName } from '#shared/model/domain.ts'
import type { Hello } from '#shared/model/host.ts'
import type { VaultState } from '#shared/model/vault.ts'

/** Must not be seen by a caller nor in a log, whatever goes wrong. */
export const secret = 'hunter2-the-password'
export const build = 'build-1'
export const creditPages = 3

export type StubEngine = {
  router: EngineRouter
  logged: { event: string; fields: LogFields }[]
  /** Names of calls whose handler saw its signal abort. */
  aborted: string[]
  /** Names of calls whose handler began. */
  begun: string[]
  /** Pages the feed has produced so far, over all its readers. */
  pages(): number
}

export type StubSettings = { hello?: (asked: string) => Result<Hello> }

export const hello: Hello = {
  build,
  dataId: 'data-1',
  asksOutside: true,
  host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 }, dataFolder: null, workspace: 'own' },
}

const name: InspectedName = {
  name: 'example.com',
  displayName: 'example.com',
  organisationalDomain: 'example.com',
  suggestion: null,
  alreadyAdded: false,
}

/** The whole contract with handlers that misbehave as their input says. */
export function createStubEngine(settings: StubSettings = {}): StubEngine {
  const logged: StubEngine['logged'] = []
  const aborted: string[] = []
  const begun: string[] = []
  const acknowledged = new Map<string, number>()
  let pages = 0
  const write = (event: string, fields: LogFields = {}) => void logged.push({ event, fields })
  const log: Log = { info: write, warn: write, error: write }
  const door = guarded(log)

  const begin = (call: string, signal: AbortSignal | undefined) => {
    begun.push(call)
    signal?.addEventListener('abort', () => aborted.push(call))
  }

  const inspect = async (input: string, signal: AbortSignal | undefined): Promise<Result<InspectedName>> => {
    begin(input, signal)
    if (input === 'bug') throw new TypeError(`cannot log in with ${secret}`)
    if (input === 'library') throw new ORPCError('CONFLICT', { message: secret, data: { secret } })
    if (input === 'not-an-error') throw secret
    if (input === 'bad-output') return ok({ ...name, alreadyAdded: secret } as never)
    if (input === 'extra') return ok({ ...name, secret } as InspectedName)
    if (input === 'failure') return fail('domain-has-port', { port: 25 }, 'never')
    if (input === 'deaf') return new Promise(() => {})
    if (input === 'wait') return untilAborted(signal)
    return ok({ ...name, displayName: input })
  }

  async function* audit(input: string, signal: AbortSignal | undefined) {
    begin(input, signal)
    for (let count = 0; count < 3; count += 1) yield { ...started(String(count)), ...unknown }
    if (input === 'bug') throw new TypeError(`cannot log in with ${secret}`)
    if (input === 'library') throw new ORPCError('CONFLICT', { message: secret, data: { secret } })
    if (input === 'bad-event') yield { kind: secret } as never
    if (input === 'bad-final') return ok({ secret } as never)
    if (input === 'failure') return fail('timed-out', {}, 'now')
    if (input === 'deaf') await new Promise(() => {})
    if (input === 'wait') await untilAborted(signal)
    if (input === 'endless') yield* endless()
    return ok({ ...report, secret } as AuditReport)
  }

  async function* endless() {
    try {
      for (let count = 3; ; count += 1) {
        yield started(String(count))
        await setImmediate()
      }
    } finally {
      aborted.push('endless was left')
    }
  }

  /** Waits for its reader as the contract says: never more than `creditPages` ahead of the last acknowledgement. */
  async function* watch(feed: string, since: number | null, signal: AbortSignal | undefined) {
    begin('watch', signal)
    acknowledged.set(feed, -1)
    for (let page = 0; ; page += 1) {
      while (page - (acknowledged.get(feed) ?? -1) > creditPages) {
        if (signal?.aborted) return ok(null)
        await setImmediate()
      }
      pages += 1
      yield {
        kind: 'changes',
        page,
        seq: (since ?? 0) + page + 1,
        put: [],
        remove: [{ table: 'domains', key: `${page}` }],
      } satisfies ChangeBatch
    }
  }

  const router = door.router({
    domains: {
      inspect: door.domains.inspect.handler(({ input, signal }) => inspect(input.input, signal)),
      auditName: door.domains.auditName.handler(({ input, signal }) => audit(input.input, signal)),
      audit: door.domains.audit.handler(({ input, signal }) => audit(input.id, signal)),
      tag: door.domains.tag.handler(nothing),
      add: door.domains.add.handler(notHere),
      import: door.domains.import.handler(async ({ input }) =>
        ok({ added: [{ id: String(input.text.length), name: JSON.stringify(input.tags) }], refused: [] }),
      ),
      remove: door.domains.remove.handler(async ({ input }) => ok({ removed: input.ids })),
      restore: door.domains.restore.handler(async ({ input }) => ok({ restored: input.ids })),
      checkHost: door.domains.checkHost.handler(notHere),
      check: door.domains.check.handler(notHere),
      cancelChecks: door.domains.cancelChecks.handler(notHere),
      report: door.domains.report.handler(async () => ok(null)),
      history: door.domains.history.handler(async () => ok([{ at: 1, score: null, secret } as never])),
      setDailyLimit: door.domains.setDailyLimit.handler(nothing),
      setWarmupDefaults: door.domains.setWarmupDefaults.handler(nothing),
      setWarmupPerDay: door.domains.setWarmupPerDay.handler(nothing),
      plan: door.domains.plan.handler(notHere),
      planChoices: door.domains.planChoices.handler(notHere),
      setPlanChoices: door.domains.setPlanChoices.handler(nothing),
    },
    partners: {
      invite: door.partners.invite.handler(notHere),
      read: door.partners.read.handler(notHere),
      accept: door.partners.accept.handler(notHere),
      take: door.partners.take.handler(notHere),
      confirm: door.partners.confirm.handler(notHere),
      change: door.partners.change.handler(notHere),
      goOn: door.partners.goOn.handler(notHere),
      revoke: door.partners.revoke.handler(notHere),
    },
    mailboxes: {
      discover: door.mailboxes.discover.handler(notLooked),
      test: door.mailboxes.test.handler(notLooked),
      add: door.mailboxes.add.handler(notHere),
      update: door.mailboxes.update.handler(notHere),
      pause: door.mailboxes.pause.handler(async ({ input }) => ok({ changed: input.ids })),
      resume: door.mailboxes.resume.handler(async ({ input }) => ok({ changed: input.ids })),
      disable: door.mailboxes.disable.handler(async ({ input }) => ok({ changed: input.ids })),
      enable: door.mailboxes.enable.handler(async ({ input }) => ok({ changed: input.ids })),
      remove: door.mailboxes.remove.handler(async ({ input }) => ok({ removed: input.ids })),
      restore: door.mailboxes.restore.handler(async ({ input }) => ok({ restored: input.ids })),
      details: door.mailboxes.details.handler(notHere),
      testMany: door.mailboxes.testMany.handler(notLooked),
      readList: door.mailboxes.readList.handler(notHere),
      addList: door.mailboxes.addList.handler(notLooked),
      dropList: door.mailboxes.dropList.handler(nothing),
    },
    warmup: {
      start: door.warmup.start.handler(async ({ input }) => ok({ changed: input.ids })),
      stop: door.warmup.stop.handler(async ({ input }) => ok({ changed: input.ids })),
      pause: door.warmup.pause.handler(async ({ input }) => ok({ changed: input.ids })),
      resume: door.warmup.resume.handler(async ({ input }) => ok({ changed: input.ids })),
      skip: door.warmup.skip.handler(async ({ input }) => ok({ changed: input.ids })),
      setSettings: door.warmup.setSettings.handler(async ({ input }) => ok({ changed: input.ids })),
      preview: door.warmup.preview.handler(notHere),
      details: door.warmup.details.handler(notHere),
      domain: door.warmup.domain.handler(async () => ok(null)),
      placements: door.warmup.placements.handler(async () => ok([])),
      activity: door.warmup.activity.handler(async () => ok({ entries: [], more: false })),
      templates: door.warmup.templates.handler(async () => ok([])),
      setTemplates: door.warmup.setTemplates.handler(async () => ok({ problems: [] })),
      tryTemplate: door.warmup.tryTemplate.handler(notHere),
      setCampaign: door.warmup.setCampaign.handler(async ({ input }) => ok({ changed: input.ids })),
    },
    records: {
      keys: door.records.keys.handler(notHere),
      createKey: door.records.createKey.handler(notHere),
      saveKey: door.records.saveKey.handler(notHere),
      removeKey: door.records.removeKey.handler(nothing),
      checkName: door.records.checkName.handler(notHere),
    },
    blacklists: {
      check: door.blacklists.check.handler(notLooked),
      look: door.blacklists.look.handler(notLooked),
      report: door.blacklists.report.handler(async () => ok(null)),
      lists: door.blacklists.lists.handler(async () => ok([])),
      setList: door.blacklists.setList.handler(notHere),
      addList: door.blacklists.addList.handler(notHere),
      removeList: door.blacklists.removeList.handler(notHere),
      setKey: door.blacklists.setKey.handler(nothing),
    },
    dmarcReports: {
      import: door.dmarcReports.import.handler(async () => ok({ outcomes: [] })),
      summary: door.dmarcReports.summary.handler(notHere),
      mailboxes: door.dmarcReports.mailboxes.handler(async () => ok([])),
      readFrom: door.dmarcReports.readFrom.handler(async () => ok([])),
      stopReading: door.dmarcReports.stopReading.handler(async () => ok([])),
      readNow: door.dmarcReports.readNow.handler(notHere),
    },
    alerts: {
      acknowledge: door.alerts.acknowledge.handler(async ({ input }) => ok({ changed: input.ids })),
      resolve: door.alerts.resolve.handler(async ({ input }) => ok({ changed: input.ids })),
      reopen: door.alerts.reopen.handler(async ({ input }) => ok({ changed: input.ids })),
    },
    offline: {
      inspectZone: door.offline.inspectZone.handler(notHere),
      auditZone: door.offline.auditZone.handler(async function* () {
        yield* []
        return notHere()
      }),
      openSnapshot: door.offline.openSnapshot.handler(async function* () {
        yield* []
        return notHere()
      }),
      sealSnapshot: door.offline.sealSnapshot.handler(notHere),
      exportSnapshot: door.offline.exportSnapshot.handler(notHere),
      report: door.offline.report.handler(notHere),
    },
    vault: {
      state: door.vault.state.handler(vaultState),
      unlock: door.vault.unlock.handler(vaultState),
      lock: door.vault.lock.handler(vaultState),
      setAutoLock: door.vault.setAutoLock.handler(vaultState),
      usePassphrase: door.vault.usePassphrase.handler(vaultState),
      changePassphrase: door.vault.changePassphrase.handler(vaultState),
      useKeychain: door.vault.useKeychain.handler(vaultState),
      rotate: door.vault.rotate.handler(vaultState),
      startAnew: door.vault.startAnew.handler(vaultState),
    },
    changes: {
      watch: door.changes.watch.handler(({ input, signal }) => watch(input.feed, input.since, signal)),
      acknowledge: door.changes.acknowledge.handler(async ({ input }) => {
        acknowledged.set(input.feed, input.page)
        return ok(null)
      }),
    },
    oauth: {
      clients: door.oauth.clients.handler(notHere),
      setClient: door.oauth.setClient.handler(notHere),
      signIn: door.oauth.signIn.handler(notLooked),
      status: door.oauth.status.handler(notHere),
      forget: door.oauth.forget.handler(nothing),
    },
    sync: {
      connect: door.sync.connect.handler(notHere),
      test: door.sync.test.handler(notHere),
      disconnect: door.sync.disconnect.handler(nothing),
      now: door.sync.now.handler(notLooked),
      state: door.sync.state.handler(notHere),
      outbox: door.sync.outbox.handler(async () => ok([])),
      retry: door.sync.retry.handler(async ({ input }) => ok({ changed: input.ids })),
      discard: door.sync.discard.handler(async ({ input }) => ok({ changed: input.ids })),
      conflicts: door.sync.conflicts.handler(async () => ok([])),
      undoConflict: door.sync.undoConflict.handler(async ({ input }) => ok({ changed: [input.id] })),
      acceptConflicts: door.sync.acceptConflicts.handler(async ({ input }) => ok({ changed: input.ids })),
      sharedCredentials: door.sync.sharedCredentials.handler(async () => ok([])),
      chooseCredentials: door.sync.chooseCredentials.handler(async () => ok([])),
      refreshReputation: door.sync.refreshReputation.handler(notHere),
    },
    settings: {
      get: door.settings.get.handler(notHere),
      set: door.settings.set.handler(notHere),
      testResolvers: door.settings.testResolvers.handler(notHere),
      systemResolvers: door.settings.systemResolvers.handler(async () => ok(['127.0.0.1'])),
      networkLog: door.settings.networkLog.handler(async () => ok([])),
      clearNetworkLog: door.settings.clearNetworkLog.handler(nothing),
    },
    host: {
      hello: door.host.hello.handler(
        async ({ input }) =>
          settings.hello?.(input.build) ?? (input.build === build ? ok(hello) : fail('build-differs')),
      ),
      ping: door.host.ping.handler(nothing),
      status: door.host.status.handler(async function* ({ signal }) {
        begin('status', signal)
        yield { queriesInFlight: 0, checksRunning: 0, checksQueued: 0, network: 'unknown' as const, vault }
        await untilAborted(signal)
        return ok(null)
      }),
      openWorkspace: door.host.openWorkspace.handler(nothing),
      openLink: door.host.openLink.handler(nothing),
    },
    demo: {
      watch: door.demo.watch.handler(notLooked),
      play: door.demo.play.handler(nothing),
      pause: door.demo.pause.handler(nothing),
    },
  })
  return { router, logged, aborted, begun, pages: () => pages }
}

const vault: VaultState = {
  state: 'empty',
  place: null,
  keychain: 'unknown',
  secrets: 0,
  lost: 0,
  keyMadeAt: null,
  lockAfterMs: null,
  locksAt: null,
  waitUntilAt: null,
  waitingJobs: 0,
}
const vaultState = async () => ok(vault)

const nothing = async () => ok(null)

const notHere = async (): Promise<never> => {
  throw new Error('not in the stub')
}

// eslint-disable-next-line require-yield
async function* notLooked() {
  return fail('cancelled', {}, 'now')
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

const unknown: object = { secret }

function started(domain: string): AuditEvent {
  return { kind: 'started', domain, checks: ['spf'] }
}

export const report: AuditReport = {
  domain: 'example.com',
  startedAt: 1,
  tookMs: 2,
  queries: 3,
  ns: { state: 'absent', verdict: 'fail', zone: null, hosts: [], provider: null },
  mx: { state: 'absent', verdict: 'warn', nullMx: false, hosts: [], provider: null },
  spf: { state: 'absent', record: null, verdict: 'fail', lookups: 0, voidLookups: 0, all: null, costs: [] },
  dmarc: { state: 'absent', record: null, verdict: 'fail', policy: null, foundAt: null },
  dkim: { state: 'absent', verdict: 'fail', selectors: [], tried: 0 },
  reach: {
    direct: false,
    https: false,
    smtp: false,
    trackingHost: null,
    selectors: [],
    guessSelectors: true,
    dmarcEvidence: null,
  },
  checks: {},
  views: [],
  rows: [],
  findings: [],
  score: { state: 'unknown', missing: ['spf'] },
  raw: [],
  rawHttps: [],
  rawSmtp: [],
}
