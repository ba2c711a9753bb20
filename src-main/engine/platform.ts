import type { Result } from '#shared/failure.ts'
import type { HostInfo, Workspace } from '#shared/model/host.ts'

/** Time as a value that tests can turn. Instants are epoch milliseconds. */
export type Clock = {
  now(): number
  /** Calls back once after `delayMs`; returns a function that calls it off. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Lines for the person who runs the machine. Never a secret, never the text of a message. */
export type Log = {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** A safe place of the operating system for small secrets, each under a name that is no secret. */
export type Keychain = {
  /**
   * Null when there is none of that name; else octets that are the caller's to wipe. `vault-no-keychain` {reason}, one of
   * `keychainTroubleIds`, when the place cannot be reached or is locked.
   */
  read(name: string): Promise<Result<Uint8Array | null, 'vault-no-keychain'>>
  write(name: string, secret: Uint8Array): Promise<Result<null, 'vault-no-keychain'>>
  /** Also when there is none of that name. */
  remove(name: string): Promise<Result<null, 'vault-no-keychain'>>
}

/** What a person should see although the window may be closed. Plain words, never a secret. */
export type Notification = { readonly title: string; readonly body: string }

/** What a host must supply; the engine asks for nothing else. */
export type Platform = {
  /** The folder of the data, or null to keep nothing beyond this process (the command line's one-off audits). */
  readonly dataDir: string | null
  /** Identity of this build, the same string in the engine and in the window that belongs to it. */
  readonly build: string
  readonly clock: Clock
  readonly log: Log
  readonly host: HostInfo
  readonly keychain: Keychain
  /** Shows a notification, or writes it to the log where there is nobody to show it to. */
  notify(notification: Notification): void
  /** Opens the other workspace in place of this one; see `workspaces.ts`. Hosts that have only one refuse. */
  openWorkspace(workspace: Workspace): Promise<Result<null>>
  /** Opens a page in the person's browser. The engine has already checked that the host is allowed. */
  openExternal(url: string): Promise<Result<null>>
}
