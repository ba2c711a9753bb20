import type { MailWorld } from '../net/mail-world.ts'
import type { NetworkLog } from '../net/network-log.ts'
import type { Outside } from '../net/outside.ts'
import type { Resolver } from '../net/resolve.ts'
import type { ReadName } from './address.ts'
import type { Clock, Log } from '../platform.ts'
import { mailAddresses } from './addresses.ts'
import { createDiscoverySearch } from './discovery/search.ts'
import { createMailWorld } from './exchange/mail-world.ts'
import { type KnownHosts, usualKnownHosts } from './known-hosts.ts'
import type { ConnectionTestOptions } from './options.ts'
import type { OpenImap } from './open-imap.ts'
import type { DiscoverMailbox } from './procedures.ts'
import type { TestConnection } from './run-test.ts'

/** Everything the mailboxes contact: servers that are tested, and the places where settings are found. */
export type MailReach = {
  readonly testConnection: TestConnection
  readonly discover: DiscoverMailbox
  readonly openImap: OpenImap
  /** Servers that mail is exchanged with; null where none may be contacted. */
  readonly world: MailWorld | null
}

export type MailReachOptions = {
  readonly resolver: Resolver
  /** Null where nothing beside the resolver may be asked. */
  readonly outside: Outside | null
  readonly networkLog: NetworkLog
  readonly clock: Clock
  readonly log: Log
  readonly readName: ReadName
  /** Whether a silent server may be compared with a known one. */
  mayCompare(): boolean
}

export type MakeMailReach = (options: MailReachOptions) => MailReach

export type MailSurroundings = Pick<ConnectionTestOptions, 'ca' | 'waits' | 'ports'> & {
  readonly knownHosts?: KnownHosts
}

/**
 * The network, with other authorities, waits, ports or known hosts than the usual ones. The mail libraries are half of all
 * code: an engine that reaches no mail server does without them.
 */
export function networkMailWith({ knownHosts = usualKnownHosts, ...more }: MailSurroundings): MakeMailReach {
  return ({ resolver, outside, networkLog, clock, log, readName, mayCompare }) => {
    const addressesOf = mailAddresses(resolver)
    const search = createDiscoverySearch({ resolver, networkLog, outside, readDomain: readName })
    return {
      testConnection: async function* (settings, credential, signal, looks) {
        const { testConnection } = await import('./test-connection.ts')
        return yield* testConnection(settings, credential, {
          ...more,
          signal,
          networkLog,
          addressesOf,
          knownHosts: outside !== null && mayCompare() ? knownHosts : null,
          ...(looks === undefined ? {} : { looks }),
        })
      },
      discover: (address, signal) => search.find(address, { signal }),
      openImap: async (settings, credential, options) => {
        const { openImap } = await import('./open-imap.ts')
        return openImap(settings, credential, { ...more, ...options, networkLog, addressesOf })
      },
      world: createMailWorld({
        ...more,
        addressesOf: mailAddresses(resolver, 'warmup'),
        networkLog,
        clock,
        log,
      }),
    }
  }
}

/** The network itself. */
export const networkMail: MakeMailReach = networkMailWith({})

const notReached = 'The demo workspace reaches no server.'

/** Where nothing may leave this machine: discovery has the zone alone, and a test ends at the first step. */
export const noMail: MakeMailReach = options => ({
  ...networkMail(options),
  openImap: async ({ imap, smtp }) => {
    const { host, port } = (imap ?? smtp).server
    return {
      ok: false,
      failure: { phase: 'imap-dns', code: 'dns.failed', evidence: notReached, facts: { host, port } },
    }
  },
  world: null,
  testConnection: async function* ({ smtp }) {
    const evidence = notReached
    yield { kind: 'phase', phase: 'smtp-dns', state: 'failed', ms: 0, evidence }
    const facts = { host: smtp.server.host, port: smtp.server.port }
    return {
      result: 'failed',
      failures: [{ phase: 'smtp-dns', code: 'dns.failed', evidence, facts }],
      notices: [],
      alternatives: [],
      delivery: null,
      certificate: null,
      tookMs: 0,
    }
  },
})
