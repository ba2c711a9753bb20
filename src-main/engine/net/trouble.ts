import type { ConnectionFacts, ConnectionFailureCode } from '#shared/model/connection.ts'
import type { SmtpMoment } from './smtp-replies.ts'

/** What went wrong on the way to or with a mail server, before anyone knows in which phase. */
export type Trouble = {
  readonly code: ConnectionFailureCode
  /** The server's own words, as they came; `evidenceOf` makes them fit to be shown. */
  readonly evidence: string | null
  readonly facts: ConnectionFacts
  /** What an SMTP server was asked when it refused. */
  readonly moment?: SmtpMoment
}

export type Stage<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble }

export function done<T>(value: T): Stage<T> {
  return { ok: true, value }
}

export function trouble(
  code: ConnectionFailureCode,
  evidence: string | null = null,
  facts: ConnectionFacts = {},
): { readonly ok: false; readonly trouble: Trouble } {
  return { ok: false, trouble: { code, evidence, facts } }
}
