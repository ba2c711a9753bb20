import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#shared/contract/index.ts'

/** Settings of one call beside its `signal`: `client.domains.add(input, { context: { timeoutMs: 60_000 } })`. */
export type CallContext = { timeoutMs?: number }

/**
 * The engine as the window calls it. A plain call resolves to a `Result` and never rejects; a stream resolves to an
 * iterator that returns one and never throws (read it with `readStream`).
 */
export type Client = ContractRouterClient<Contract, CallContext>

type StreamPaths = {
  [Group in keyof Client & string]: {
    [Name in keyof Client[Group] & string]: Client[Group][Name] extends (
      ...call: never[]
    ) => PromiseLike<infer Answer>
      ? Answer extends AsyncIterator<unknown, unknown, void>
        ? `${Group}.${Name}`
        : never
      : never
  }[keyof Client[Group] & string]
}[keyof Client & string]

/** Procedures that stream. Known here by name, so that the window need not carry the schemas. */
const streamPaths: Record<StreamPaths, true> = {
  'domains.audit': true,
  'domains.auditName': true,
  'mailboxes.discover': true,
  'mailboxes.test': true,
  'mailboxes.testMany': true,
  'mailboxes.addList': true,
  'blacklists.check': true,
  'blacklists.look': true,
  'offline.auditZone': true,
  'offline.openSnapshot': true,
  'changes.watch': true,
  'oauth.signIn': true,
  'sync.now': true,
  'host.status': true,
  'demo.watch': true,
}

export function isStreamPath(path: readonly string[]): boolean {
  return Object.hasOwn(streamPaths, path.join('.'))
}
