import type { NetworkLog } from '../net/network-log.ts'
import type { Outside } from '../net/outside.ts'
import type { Resolver } from '../net/resolve.ts'
import type { ReadName } from './address.ts'
import { mailAddresses } from './addresses.ts'
import { createDiscoverySearch } from './discovery/search.ts'
import type { DiscoverMailbox } from './procedures.ts'
import type { TestConnection } from './run-test.ts'

/** Everything the mailboxes contact: servers that are tested, and the places where settings are found. */
export type MailReach = {
  readonly testConnection: TestConnection
  readonly discover: DiscoverMailbox
}

export type MailReachOptions = {
  readonly resolver: Resolver
  /** Null where nothing beside the resolver may be asked. */
  readonly outside: Outside | null
  readonly networkLog: NetworkLog
  readonly readName: ReadName
}

export type MakeMailReach = (options: MailReachOptions) => MailReach

/** The network itself. */
export const networkMail: MakeMailReach = ({ resolver, outside, networkLog, readName }) => {
  const addressesOf = mailAddresses(resolver)
  const search = createDiscoverySearch({ resolver, networkLog, outside, readDomain: readName })
  return {
    testConnection: async function* (settings, credential, signal) {
      // The mail libraries are half of all code; an engine that tests no mailbox does without them.
      const { testConnection } = await import('./test-connection.ts')
      return yield* testConnection(settings, credential, { signal, networkLog, addressesOf })
    },
    discover: (address, signal) => search.find(address, { signal }),
  }
}

/** Where nothing may leave this machine: discovery has the zone alone, and a test ends at the first step. */
export const noMail: MakeMailReach = options => ({
  ...networkMail(options),
  testConnection: async function* ({ smtp }) {
    const evidence = 'The demo workspace reaches no server.'
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
