import type { FetchHttps } from '#shared/model/exchange.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { NetworkLog } from '../net/network-log.ts'
import type { Outside } from '../net/outside.ts'
import type { Resolver } from '../net/resolve.ts'
import { mailAddresses } from './addresses.ts'
import type { DiscoverMailbox } from './procedures.ts'
import type { TestConnection } from './run-test.ts'
import { testConnection } from './test-connection.ts'

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
}

export type MakeMailReach = (options: MailReachOptions) => MailReach
