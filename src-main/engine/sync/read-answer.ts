import { jsonFaultAt } from '../net/json-fault.ts'
import { limits } from '../net/limits.ts'

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly problem: 'content-type' | 'encoding' | 'json' | 'depth'
      readonly detail: string
    }

/**
 * The value in the body of an answer, or what is wrong with it: not JSON by its type (RFC 8259 §11, RFC 6839 §3.1), not
 * UTF-8, damaged, or nested deeper than `limits.tenantAnswerDepth`.
 */
export function readJson(body: Buffer, contentType: string | undefined): ReadJson {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(type))
    return { ok: false, problem: 'content-type', detail: type.slice(0, 60) }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return { ok: false, problem: 'encoding', detail: '' }
  }
  if (isTooDeep(text)) return { ok: false, problem: 'depth', detail: '' }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, problem: 'json', detail: String(jsonFaultAt(text)) }
  }
}

/** Counted before anything is built from it. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (isInString) {
      if (character === 0x5c) at++
      else if (character === 0x22) isInString = false
    } else if (character === 0x22) isInString = true
    else if (character === 0x5b || character === 0x7b) {
      depth++
      if (depth > limits.tenantAnswerDepth) return true
    } else if (character === 0x5d || character === 0x7d) depth--
  }
  return false
}
