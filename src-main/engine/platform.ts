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

/** What a host must supply; the engine asks for nothing else. */
export type Platform = {
  /** The folder of the data, or null to keep nothing beyond this process (the command line's one-off audits). */
  readonly dataDir: string | null
  /** Identity of this build, the same string in the engine and in the window that belongs to it. */
  readonly build: string
  readonly clock: Clock
  readonly log: Log
  readonly host: HostInfo
  /** Opens the other workspace in place of this one; see `workspaces.ts`. Hosts that have only one refuse. */
  openWorkspace(workspace: Workspace): Promise<Result<null>>
  /** Opens a page in the person's browser. The engine has already checked that the host is allowed. */
  openExternal(url: string): Promise<Result<null>>
}
