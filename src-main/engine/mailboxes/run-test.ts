import { fail, type Failure, ok, type Result } from '#shared/failure.ts'
import type {
  ConnectionEvent,
  ConnectionResult,
  ConnectionSettings,
  Credential,
} from '#shared/model/connection.ts'
import type { MailboxConnection, MailboxTest, TestEvent, TestOutcome } from '#shared/model/mailbox.ts'
import type { OauthProviderId } from '#shared/model/oauth.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import type { MailboxAddress } from './address.ts'
import {
  type AccessToken,
  draftSecret,
  mailboxSecret,
  readCredential,
  sealedForm,
  settingsOf,
} from './credentials.ts'
import { loginMarkOf } from './events.ts'
import { type Drafts, newTestId } from './drafts.ts'
import type { Looks } from './looks.ts'
import type { OutcomeKeeper } from './keep-outcome.ts'
import { type Outcome, outcomeOf } from './standing.ts'
import { findMailbox, type RunningTests } from './store.ts'
import { renewalOf, withFreshToken } from './with-token.ts'

/** Tests one connection, told phase by phase; the last value is the result. */
export type TestConnection = (
  settings: ConnectionSettings,
  credential: Credential,
  signal: AbortSignal,
  /** Shared by the tests of many. */
  looks?: Looks,
) => AsyncGenerator<ConnectionEvent, ConnectionResult, void>

export type PhasesOf = (settings: ConnectionSettings) => ConnectionEvent['phase'][]

export type Login =
  | { readonly kind: 'password'; readonly password: string; readonly imapPassword: string | null }
  | { readonly kind: 'oauth'; readonly provider: OauthProviderId }

export type TestDependencies = {
  readonly store: Store
  readonly vault: Pick<Secrets, 'read' | 'keep'>
  readonly drafts: Drafts
  readonly keeper: OutcomeKeeper
  readonly accessToken: AccessToken
  readonly testConnection: TestConnection
  readonly phasesOf: PhasesOf
  now(): number
}

type Draftable = {
  readonly mailboxId: string | null
  readonly address: MailboxAddress
  readonly connection: Omit<MailboxConnection, 'login'>
  /** Null: what is kept for the mailbox. */
  readonly login: Login | null
  readonly keptLogin: MailboxConnection['login'] | null
  readonly testEmail: boolean
}

export type MailboxTests = RunningTests & {
  /** Tests what may be saved afterwards. Fails as the vault and the sign-in do, before anything is contacted. */
  draft(input: Draftable, signal: AbortSignal): TestStream
  /** Tests a saved mailbox and keeps what came of it. `mailbox-not-found` {id} beside those. */
  saved(id: string, options: SavedOptions): TestStream
}

export type SavedOptions = {
  readonly testEmail: boolean
  readonly signal: AbortSignal
  readonly looks?: Looks
}

export type TestStream = AsyncGenerator<TestEvent, Result<TestOutcome>, void>

export function createMailboxTests(dependencies: TestDependencies): MailboxTests {
  const { store, vault, drafts, keeper, accessToken, now } = dependencies
  const running = new Map<string, number>()

  const mark = (id: string, by: 1 | -1) => {
    const count = (running.get(id) ?? 0) + by
    if (count > 0) running.set(id, count)
    else running.delete(id)
    if (findMailbox(store, id) !== null) store.write(writes => writes.changed('mailboxes', id, 'put'))
  }

  async function* perform(
    test: string,
    settings: ConnectionSettings,
    credential: Credential,
    {
      login,
      signal,
      looks,
    }: { login: MailboxConnection['login']; signal: AbortSignal; looks?: Looks | undefined },
  ): AsyncGenerator<TestEvent, MailboxTest, void> {
    yield { kind: 'started', test, phases: dependencies.phasesOf(settings) }
    const at = now()
    const last = new Map<string, ConnectionEvent>()
    const events = withFreshToken(
      one => dependencies.testConnection(settings, one, signal, looks),
      credential,
      renewalOf(accessToken, { login, address: settings.address, signal }),
    )
    while (true) {
      const step = await events.next()
      if (step.done) return { at, kind: 'test', phases: [...last.values()], result: step.value }
      last.set(step.value.phase, step.value)
      yield step.value
    }
  }

  async function* draft(input: Draftable, signal: AbortSignal): TestStream {
    const test = newTestId()
    const { mailboxId, address, login, testEmail } = input
    const name = login === null && mailboxId !== null ? mailboxSecret(mailboxId) : draftSecret(test)
    if (login?.kind === 'password') {
      const kept = await vault.keep(name, sealedForm(login))
      if (!kept.ok) return kept
    }
    const connection: MailboxConnection = { ...input.connection, login: loginOf(input) }
    const opened = drafts.open({
      test,
      mailboxId,
      address,
      connection,
      hasPassword: login?.kind === 'password',
      testEmail,
    })
    try {
      const credential = await readCredential(
        { vault, accessToken },
        { name, login: connection.login, address: address.address, signal },
      )
      if (!credential.ok) return credential
      const settings = settingsOf({ address: address.address, connection }, testEmail)
      const ended = yield* perform(test, settings, credential.value, { login: connection.login, signal })
      if (signal.aborted) return cancelled
      const canSave = ended.result.result !== 'failed'
      if (canSave) opened.ended = ended
      return ok({ test, canSave, result: ended.result })
    } finally {
      if (opened.ended === null) drafts.close(test)
    }
  }

  async function* saved(id: string, { testEmail, signal, looks }: SavedOptions): TestStream {
    const mailbox = findMailbox(store, id)
    if (mailbox === null) return fail('mailbox-not-found', { id })
    const { address, connection } = mailbox
    const loginMark = loginMarkOf(store, id)
    /** Nothing is kept of a login that was replaced while it was looked at. */
    const keep = (outcome: Outcome, ended: MailboxTest | null, loginAlone?: boolean) =>
      writeOrFail(store, writes => {
        if (loginMarkOf(writes, id) !== loginMark) return null
        return keeper.keep(writes, id, outcome, ended, now(), loginAlone)
      })
    mark(id, 1)
    try {
      const credential = await readCredential(
        { vault, accessToken },
        { name: mailboxSecret(id), login: connection.login, address, signal },
      )
      if (!credential.ok) {
        const outcome = outcomeOfCredential(credential.failure)
        if (outcome !== null) keep(outcome, null)
        return credential
      }
      const test = newTestId()
      const ended = yield* perform(test, settingsOf(mailbox, testEmail), credential.value, {
        login: connection.login,
        signal,
        looks,
      })
      if (signal.aborted) return cancelled
      const outcome = outcomeOf(ended.result, { testEmail, imap: connection.imap !== null })
      const kept = keep(outcome, ended, !testEmail)
      return kept.ok ? ok({ test, canSave: false, result: ended.result }) : kept
    } finally {
      mark(id, -1)
    }
  }

  return { draft, saved, isRunning: id => running.has(id) }
}

const cancelled = fail('cancelled', {}, 'now')

function loginOf({ login, keptLogin }: Draftable): MailboxConnection['login'] {
  if (login === null) return keptLogin ?? { kind: 'password', separate: false }
  return login.kind === 'oauth'
    ? { kind: 'oauth', provider: login.provider }
    : { kind: 'password', separate: login.imapPassword !== null }
}

/** What it means for a mailbox that its credential cannot be had: nothing while the vault is locked or the network away. */
export function outcomeOfCredential({ code }: Failure): Outcome | null {
  switch (code) {
    case 'mailbox-credential-missing':
    case 'vault-damaged':
    case 'vault-key-gone':
    case 'oauth-not-signed-in':
      return { kind: 'refused', reason: { code: 'credential-missing', evidence: null, facts: {} } }
    case 'oauth-sign-in-again':
      return { kind: 'refused', reason: { code: 'auth.sign-in-again', evidence: null, facts: {} } }
    default:
      return null
  }
}
