import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { nothing, resultOf } from '../model/result.ts'
import { conflictSchema, outboxItemSchema, syncEventSchema, syncStateSchema } from '../model/sync.ts'

const id = z.string().max(64)
const ids = z.array(id).min(1).max(10_000)
const state = resultOf(syncStateSchema)
const changed = resultOf(z.object({ changed: z.array(z.string()) }))

const connection = z.object({
  baseUrl: z.string().trim().max(2_000),
  tenantId: z.string().trim().max(200),
  token: z.string().trim().min(1).max(8_000),
})

/**
 * Synchronising with the tenant API. The rows come with the change feed (tables `sync`, `outbox`, `conflicts`,
 * `serverDomains`). Nothing here is needed for anything else, and no answer ever holds the token.
 */
export const sync = {
  /**
   * Asks the server once, and only when it answers stores the connection; the token goes into the vault. The same server and
   * tenant with another token go on where they stopped; another one begins anew, and nothing is deleted here.
   */
  connect: oc.input(connection).output(state),

  /** Asks the server once: with what is typed, or with null as it is connected. Stores nothing. */
  test: oc.input(connection.nullable()).output(resultOf(z.object({ domains: z.number().int() }))),

  /** Forgets the server, the token and what waits for it. Domains, mailboxes and conflicts stay. */
  disconnect: oc.output(resultOf(nothing)),

  /** Synchronises now, also when a pause after failures is not over. Leaving the stream does not stop what runs by itself. */
  now: oc.output(eventIterator(syncEventSchema, state)),

  state: oc.output(state),

  /** What has not arrived, in the order it is sent. */
  outbox: oc.output(resultOf(z.array(outboxItemSchema))),

  /** Tries refused changes again. */
  retry: oc.input(z.object({ ids })).output(changed),

  /** Gives refused changes up: a change goes back to what the server has, an added domain stays here alone. */
  discard: oc.input(z.object({ ids })).output(changed),

  /** Open ones first, newest first. */
  conflicts: oc.output(resultOf(z.array(conflictSchema))),

  /** Puts the other value back, as a new change made here. One that is undone already, or gone, is not among `changed`. */
  undoConflict: oc.input(z.object({ id })).output(changed),

  /** Leaves it as it was settled. */
  acceptConflicts: oc.input(z.object({ ids })).output(changed),

  /** Ids of the mailboxes whose servers and password the tenant API gets. */
  sharedCredentials: oc.output(resultOf(z.array(z.string()))),

  /**
   * Chooses whether the tenant API gets the servers and the password of one mailbox; not unless chosen. A password once given stays there
   * until it is taken back on the server. `mailbox-credential-missing` where there is no password to give.
   */
  chooseCredentials: oc
    .input(z.object({ mailboxId: id, share: z.boolean() }))
    .output(resultOf(z.array(z.string()))),

  /** Asks for the server's reputation of these domains now; without ids, of all. Tells how many were asked for. */
  refreshReputation: oc
    .input(z.object({ domainIds: ids.nullable() }))
    .output(resultOf(z.object({ asked: z.number().int() }))),
}
