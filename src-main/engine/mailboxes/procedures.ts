import { fail, ok, type Result } from '#shared/failure.ts'
import type { Discovery, DiscoveryEvent } from '#shared/model/discovery.ts'
import type { BulkTestEvent, BulkTestOutcome, Mailbox, MailboxEventCode } from '#shared/model/mailbox.ts'
import type { guarded } from '../guard.ts'
import { refuse, writeOrFail, writeOrRefuse } from '../storage/failures.ts'
import type { Store, Writes } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import { type ReadName, readMailboxAddress } from './address.ts'
import { draftSecret, mailboxSecret } from './credentials.ts'
import type { Drafts } from './drafts.ts'
import { eventsOf, noteEvent } from './events.ts'
import type { OutcomeKeeper } from './keep-outcome.ts'
import type { MailboxTests, TestStream } from './run-test.ts'
import { testMany } from './test-many.ts'
import { freshStanding, type Hold, outcomeOf, standingAfter } from './standing.ts'
import { putMailbox, removeMailbox, restoreMailboxes } from './put-and-remove.ts'
import {
  findMailbox,
  findStanding,
  isMailboxListed,
  lastTestOf,
  presentMailboxes,
  signatureOf,
  writeConnection,
  writeHold,
  writePreferences,
} from './store.ts'

export type DiscoverMailbox = (
  address: string,
  signal: AbortSignal,
) => AsyncGenerator<DiscoveryEvent, Result<Discovery>, void>

export type MailboxDependencies = {
  readonly store: Store
  readonly vault: Pick<Secrets, 'open' | 'read' | 'keepWithin' | 'forgetWithin'>
  readonly tests: MailboxTests
  readonly drafts: Drafts
  readonly keeper: OutcomeKeeper
  readonly discover: DiscoverMailbox
  readonly readName: ReadName
  /** Puts a domain on the list that is not there yet, in the caller's transaction. */
  addDomain(writes: Writes, name: string): void
  now(): number
}

/** What may be asked about mailboxes one by one: `src-shared/contract/mailboxes.ts` says what each answers. */
export function mailboxProcedures(engine: ReturnType<typeof guarded>, dependencies: MailboxDependencies) {
  const { store, vault, tests, drafts, keeper, readName, now } = dependencies
  const os = engine.mailboxes

  const fresh = (id: string): Result<Mailbox> => {
    const mailbox = findMailbox(store, id, tests)
    return mailbox === null ? fail('mailbox-not-found', { id }) : ok(mailbox)
  }

  const hold = (ids: readonly string[], next: Hold, from: Hold, code: MailboxEventCode) =>
    writeOrFail(store, writes => {
      const changed = presentMailboxes(writes, ids).filter(id => {
        const found = findStanding(writes, id)
        if (found === null || (next === null && found.hold !== from) || !writeHold(writes, id, next))
          return false
        noteEvent(writes, id, code, {}, now())
        if (next === 'disabled') keeper.unplan(writes, id)
        else if (found.hold === 'disabled') keeper.plan(writes, id, found.standing, now())
        return true
      })
      return { changed }
    })

  /** The password a run sealed becomes the mailbox's own, in the same transaction. */
  const adopt = (writes: Writes, id: string, test: string, sealed: string | null) => {
    if (sealed !== null) {
      const kept = vault.keepWithin(writes, mailboxSecret(id), sealed)
      if (!kept.ok) refuse(kept)
    }
    vault.forgetWithin(writes, draftSecret(test))
  }

  /** What the run sealed, or null when it typed no password. */
  const sealedOf = async (test: string, hasPassword: boolean): Promise<Result<string | null>> => {
    if (!hasPassword) return ok(null)
    const opened = await vault.open()
    if (!opened.ok) return opened
    const sealed = await vault.read(draftSecret(test))
    if (!sealed.ok) return sealed
    return sealed.value === null ? fail('mailbox-not-tested') : sealed
  }

  return {
    discover: os.discover.handler(async function* ({
      input,
      signal,
    }): AsyncGenerator<DiscoveryEvent, Result<Discovery>, void> {
      return yield* dependencies.discover(input.address, signal ?? never)
    }),

    test: os.test.handler(async function* ({ input, signal = never }): TestStream {
      if (input.kind === 'saved') {
        return yield* tests.saved(input.id, { testEmail: input.testEmail, signal })
      }
      const { login, testEmail, smtp, imap, allowPlain, provider } = input
      const { pinnedCertificate, imapPinnedCertificate = pinnedCertificate } = input
      const connection = { smtp, imap, allowPlain, pinnedCertificate, imapPinnedCertificate, provider }
      if (input.kind === 'change') {
        const mailbox = findMailbox(store, input.id)
        if (mailbox === null) return fail('mailbox-not-found', { id: input.id })
        const { address, domainName } = mailbox
        return yield* tests.draft(
          {
            mailboxId: mailbox.id,
            address: { address, key: address.toLowerCase(), domainName },
            connection,
            login,
            keptLogin: mailbox.connection.login,
            testEmail,
          },
          signal,
        )
      }
      const address = readMailboxAddress(input.address, readName)
      if (!address.ok) return address
      if (isMailboxListed(store, address.value.key)) {
        return fail('mailbox-already-added', { address: address.value.address })
      }
      return yield* tests.draft(
        { mailboxId: null, address: address.value, connection, login, keptLogin: null, testEmail },
        signal,
      )
    }),

    add: os.add.handler(async ({ input }) => {
      const found = drafts.saveable(input.test)
      if (!found.ok) return found
      const draft = found.value
      if (draft.mailboxId !== null) return fail('mailbox-not-tested')
      const sealed = await sealedOf(input.test, draft.hasPassword)
      if (!sealed.ok) return sealed
      const outcome = outcomeOf(draft.ended.result, {
        testEmail: draft.testEmail,
        imap: draft.connection.imap !== null,
      })
      const { alert: _, ...standing } = standingAfter(freshStanding, outcome, { recheck: false, now: now() })
      const written = writeOrRefuse(store, writes => {
        if (input.addDomain) dependencies.addDomain(writes, draft.address.domainName)
        const { senderName, signature, timeZone, dailyLimit, test } = input
        const id = putMailbox(
          writes,
          {
            ...draft.address,
            senderName,
            signature,
            timeZone,
            dailyLimit,
            connection: draft.connection,
            standing,
            lastTest: draft.ended,
            how: 'added',
          },
          now(),
        )
        if (id === null) return refuse(fail('mailbox-already-added', { address: draft.address.address }))
        adopt(writes, id, test, sealed.value)
        keeper.plan(writes, id, standing, now())
        return id
      })
      if (!written.ok) return written
      drafts.close(input.test)
      return fresh(written.value)
    }),

    update: os.update.handler(async ({ input }) => {
      const before = findMailbox(store, input.id)
      if (before === null) return fail('mailbox-not-found', { id: input.id })
      const draft = input.test === null ? null : drafts.saveable(input.test)
      if (draft?.ok === false) return draft
      if (draft !== null && draft.value.mailboxId !== input.id) {
        return fail('mailbox-not-tested')
      }
      const sealed = draft === null ? ok(null) : await sealedOf(draft.value.test, draft.value.hasPassword)
      if (!sealed.ok) return sealed
      const written = writeOrRefuse(store, writes => {
        if (writePreferences(writes, input.id, defined(input.change))) {
          noteEvent(writes, input.id, 'settings-changed', {}, now())
        }
        if (draft === null) return null
        const { connection, ended, test, testEmail } = draft.value
        const isSame = JSON.stringify(connection) === JSON.stringify(before.connection)
        if (!isSame) {
          writeConnection(writes, input.id, connection)
          noteEvent(writes, input.id, 'servers-changed', { host: connection.smtp.server.host }, now())
        }
        if (sealed.value !== null) noteEvent(writes, input.id, 'credential-changed', {}, now())
        adopt(writes, input.id, test, sealed.value)
        if (connection.login.kind === 'oauth') vault.forgetWithin(writes, mailboxSecret(input.id))
        const outcome = outcomeOf(ended.result, { testEmail, imap: connection.imap !== null })
        keeper.keep(writes, input.id, outcome, ended, now())
        return null
      })
      if (!written.ok) return written
      if (input.test !== null) drafts.close(input.test)
      return fresh(input.id)
    }),

    pause: os.pause.handler(({ input }) => hold(input.ids, 'paused', null, 'paused')),
    resume: os.resume.handler(({ input }) => hold(input.ids, null, 'paused', 'resumed')),
    disable: os.disable.handler(({ input }) => hold(input.ids, 'disabled', null, 'disabled')),
    enable: os.enable.handler(({ input }) => hold(input.ids, null, 'disabled', 'enabled')),

    remove: os.remove.handler(({ input }) =>
      writeOrFail(store, writes => {
        const removed = presentMailboxes(writes, input.ids)
        for (const id of removed) {
          keeper.unplan(writes, id)
          removeMailbox(writes, id, now())
        }
        return { removed }
      }),
    ),

    restore: os.restore.handler(({ input }) =>
      writeOrFail(store, writes => {
        const restored = restoreMailboxes(writes, input.ids, now())
        planAll(writes, keeper, restored, now())
        return { restored }
      }),
    ),

    testMany: os.testMany.handler(async function* ({
      input,
      signal = never,
    }): AsyncGenerator<BulkTestEvent, Result<BulkTestOutcome>, void> {
      return yield* testMany({ store, tests }, input.ids, { testEmail: input.testEmail, signal })
    }),

    details: os.details.handler(({ input }) => {
      const mailbox = fresh(input.id)
      if (!mailbox.ok) return mailbox
      return ok({
        mailbox: mailbox.value,
        signature: signatureOf(store, input.id),
        lastTest: lastTestOf(store, input.id),
        events: eventsOf(store, input.id),
      })
    }),
  }
}

const never = new AbortController().signal

/** Plans the re-checks of mailboxes that are back on the list; a disabled one rests. */
export function planAll(writes: Writes, keeper: OutcomeKeeper, ids: readonly string[], now: number): void {
  for (const id of ids) {
    const found = findStanding(writes, id)
    if (found !== null && found.hold !== 'disabled') keeper.plan(writes, id, found.standing, now)
  }
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never
}
