import { checkMacroString } from '#shared/mail-auth/spf-domain-spec.ts'
import { joinTxt } from '#shared/model/lookup.ts'
import { queryName } from './identity.ts'
import { fillIn, type Session } from './session.ts'

export type ExplanationText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false
      readonly reason: 'several-records' | 'not-ascii' | 'macro-invalid'
    }

/** The one text that an `exp` may lead to (RFC 7208 §6.2), before its macros are filled in. Pure. */
export function readExplanation(texts: readonly string[]): ExplanationText {
  const [text = '', second] = texts
  if (second !== undefined) return { ok: false, reason: 'several-records' }
  if (!/^[ -~]*$/.test(text)) return { ok: false, reason: 'not-ascii' }
  const isValid = checkMacroString(text, 0, text.length, 'explanation') === 'ok'
  return isValid ? { ok: true, text } : { ok: false, reason: 'macro-invalid' }
}

/**
 * What the domain says about a fail: the text at its `exp`, filled in. Null when there is none or it cannot be used for
 * whatever reason, for that changes no result (RFC 7208 §6.2). Counts towards no limit (§4.6.4).
 */
export async function explain(exp: string, domain: string, session: Session): Promise<string | null> {
  const target = queryName(await fillIn(exp, domain, session))
  if (target === null) return null
  const answer = await session.ask(target, 'TXT')
  if (answer.state !== 'found') return null
  const read = readExplanation(answer.values.map(joinTxt))
  if (!read.ok) return null
  const text = await fillIn(read.text, domain, session)
  return /^[ -~]*$/.test(text) ? text : null
}
