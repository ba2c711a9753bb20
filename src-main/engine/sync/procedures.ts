import { fail, type Failure, ok, type Result } from '#shared/failure.ts'
import type { SyncEvent, SyncState } from '#shared/model/sync.ts'
import type { guarded } from '../guard.ts'
import { refuse, writeOrFail, writeOrRefuse } from '../storage/failures.ts'
import type { Reads, Writes } from '../storage/open.ts'
import { agreedOn, askReputationAnew, fieldsHere } from './agreed.ts'
import { allConflicts, conflictsByIds, settleConflict } from './conflicts.ts'
import { forgetConnection, heldUntilAt, putConnection, readConnection, tokenSecret } from './connection.ts'
import type { SyncFeatureOptions } from './feature.ts'
import { drop, itemById, park, unpark } from './items.ts'
import type { Planner } from './note.ts'
import { type Activity, outboxPage, syncStateOf } from './readers.ts'
import type { Rounds } from './round.ts'
import { planNow, planReputations, planSoon, unplan } from './sync-jobs.ts'
import { readBaseUrl, readTenantId } from './tenant-address.ts'
import { meaningOf } from './trouble.ts'
import { follow } from './follow.ts'
import { undo } from './undo.ts'

type SyncDependencies = SyncFeatureOptions & {
  readonly planner: Planner
  readonly rounds: Rounds
  readonly activity: Activity
}

const everything = Number.MAX_SAFE_INTEGER

/** What may be asked about the tenant API: `src-shared/contract/sync.ts` says what each procedure answers. */
export function syncProcedures(engine: ReturnType<typeof guarded>, dependencies: SyncDependencies) {
  const { store, jobs, vault, makeApi, domains, findMailbox, planner, rounds, activity, now } = dependencies
  const os = engine.sync
  const state = (): Result<SyncState> => ok(syncStateOf(store, activity))

  /** One question, as whoever is connected would ask it. */
  const ask = async (
    typed: { baseUrl: string; tenantId: string; token: string } | null,
    signal: AbortSignal,
  ): Promise<Result<{ domains: number }>> => {
    const api = makeApi({
      connection: () => typed ?? readConnection(store),
      readToken: async () => (typed === null ? vault.read(tokenSecret) : ok(typed.token)),
    })
    const listed = await api.listDomains({ cursor: null, etag: null }, signal)
    if (!listed.ok) return listed
    return ok({ domains: listed.value.kind === 'domains' ? listed.value.domains.length : 0 })
  }

  const changing = (ids: readonly string[], change: (writes: Writes, id: string) => boolean) =>
    writeOrFail(store, writes => {
      const changed = ids.filter(id => change(writes, id))
      if (changed.length > 0) planSoon(jobs, writes, now())
      return { changed }
    })

  return {
    connect: os.connect.handler(async ({ input, signal = never }) => {
      const baseUrl = readBaseUrl(input.baseUrl)
      if (!baseUrl.ok) return baseUrl
      const tenantId = readTenantId(input.tenantId)
      if (!tenantId.ok) return tenantId
      const address = { baseUrl: baseUrl.value, tenantId: tenantId.value }
      const asked = await ask({ ...address, token: input.token }, signal)
      if (!asked.ok) return asked
      const opened = await vault.open()
      if (!opened.ok) return opened
      const written = writeOrRefuse(store, writes => {
        rounds.stop()
        unplan(jobs, writes)
        const kept = vault.keepWithin(writes, tokenSecret, input.token)
        if (!kept.ok) refuse(kept)
        putConnection(writes, address, now())
        planNow(jobs, writes, now())
        return null
      })
      return written.ok ? state() : written
    }),

    test: os.test.handler(({ input, signal = never }) => ask(input, signal)),

    disconnect: os.disconnect.handler(() =>
      writeOrFail(store, writes => {
        rounds.stop()
        unplan(jobs, writes)
        vault.forgetWithin(writes, tokenSecret)
        forgetConnection(writes)
        return null
      }),
    ),

    now: os.now.handler(async function* ({
      signal = never,
    }): AsyncGenerator<SyncEvent, Result<SyncState>, void> {
      const connection = readConnection(store)
      if (connection === null) return fail('tenant-not-connected')
      // The server said when; before that it would only say so again.
      if (connection.trouble === 'paused' && heldUntilAt(connection, now()) !== null) return state()
      yield* follow(tell => rounds.run({ fresh: false, signal, tell }))
      return signal.aborted ? fail('cancelled', {}, 'now') : state()
    }),

    state: os.state.handler(state),
    outbox: os.outbox.handler(() => ok(outboxPage(store, 0, everything))),

    retry: os.retry.handler(({ input }) =>
      changing(input.ids, (writes, id) => {
        const item = itemById(writes, Number(id))
        if (item?.state !== 'refused') return false
        if (item.kind !== 'delete') {
          unpark(writes, item.id)
          return true
        }
        if (fieldsHere(writes, item.domainName) === null) drop(writes, item.id)
        else domains.remove(writes, item.domainName, 'go')
        planner.planDomain(writes, item.domainName)
        return true
      }),
    ),

    discard: os.discard.handler(({ input }) =>
      changing(input.ids, (writes, id) => {
        const item = itemById(writes, Number(id))
        if (item?.state !== 'refused') return false
        const agreed = agreedOn(writes, item.domainName)
        if (item.kind === 'change' && agreed !== null) domains.put(writes, item.domainName, agreed.fields)
        if (item.kind === 'add' || item.kind === 'register') park(writes, item.id, 'given-up', null)
        else drop(writes, item.id)
        planner.planDomain(writes, item.domainName)
        planner.planMailboxesOf(writes, item.domainName)
        return true
      }),
    ),

    conflicts: os.conflicts.handler(() => ok(allConflicts(store))),

    undoConflict: os.undoConflict.handler(({ input }) =>
      changing([input.id], (writes, id) => {
        const [conflict] = conflictsByIds(writes, [id])
        if (conflict === undefined || conflict.state === 'undone') return false
        return undo(writes, conflict, domains) && settleConflict(writes, id, 'undone')
      }),
    ),

    acceptConflicts: os.acceptConflicts.handler(({ input }) =>
      writeOrFail(store, writes => ({
        changed: input.ids.filter(id => settleConflict(writes, id, 'accepted')),
      })),
    ),

    sharedCredentials: os.sharedCredentials.handler(() => ok(sharedIds(store))),

    chooseCredentials: os.chooseCredentials.handler(({ input: { mailboxId, share } }) => {
      const mailbox = findMailbox(store, mailboxId)
      if (mailbox === null || mailbox.state === 'removed') return fail('mailbox-not-found', { id: mailboxId })
      if (share && mailbox.credential === null) return fail('mailbox-credential-missing')
      return writeOrFail(store, writes => {
        writes.run(
          share
            ? 'INSERT INTO sync_shared_credentials (mailbox_id) VALUES (?) ON CONFLICT DO NOTHING'
            : 'DELETE FROM sync_shared_credentials WHERE mailbox_id = ?',
          mailboxId,
        )
        if (readConnection(writes) !== null) planner.planMailbox(writes, mailboxId)
        return sharedIds(writes)
      })
    }),

    refreshReputation: os.refreshReputation.handler(({ input }) => {
      const connection = readConnection(store)
      if (connection === null) return fail('tenant-not-connected')
      const failure = heldBy(connection.failure)
      if (failure !== null) return { ok: false as const, failure }
      return writeOrFail(store, writes => {
        const asked = askReputationAnew(writes, input.domainIds)
        if (asked > 0) planReputations(jobs, writes, now())
        return { asked }
      })
    }),
  }
}

const never = new AbortController().signal

/** What the server refuses of everything, it refuses of this too. */
function heldBy(failure: Failure | null): Failure | null {
  if (failure === null) return null
  const meaning = meaningOf(failure)
  return meaning.kind === 'stop' && meaning.trouble !== 'offline' ? failure : null
}

function sharedIds(reads: Reads): string[] {
  return reads
    .all<{ mailbox_id: string }>('SELECT mailbox_id FROM sync_shared_credentials ORDER BY mailbox_id')
    .map(row => row.mailbox_id)
}
