import type { Span } from './tag-list.ts'

/** `ok`, or what is wrong with a domain-spec or macro-string, and where. */
export type TextCheck =
  | 'ok'
  | (Span & { readonly reason: 'macro-invalid' | 'macro-only-in-exp' | 'domain-invalid' })

const macro = /^%\{([slodiphcrtv])(\d*)(r?)([.\-+,/_=]*)\}/i
const topLabel = /^(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])$/i

/**
 * Checks a macro-string (RFC 7208 §7.1). `c`, `r` and `t` belong in the text of an explanation only (§7.2), which is
 * what `place` says.
 */
export function checkMacroString(
  text: string,
  from: number,
  to: number,
  place: 'record' | 'explanation' = 'record',
): TextCheck {
  let at = from
  while (at < to) {
    if (text[at] !== '%') {
      at += 1
      continue
    }
    const next = text[at + 1] ?? ''
    if (at + 1 < to && (next === '%' || next === '_' || next === '-')) {
      at += 2
      continue
    }
    const close = text.indexOf('}', at)
    const end = close === -1 || close >= to ? Math.min(at + 2, to) : close + 1
    const match = macro.exec(text.slice(at, end))
    if (match === null || /^0+$/.test(match[2] ?? '')) return { start: at, end, reason: 'macro-invalid' }
    if (place === 'record' && /[crt]/i.test(match[1] ?? ''))
      return { start: at, end, reason: 'macro-only-in-exp' }
    at = end
  }
  return 'ok'
}

/**
 * Checks a domain-spec (RFC 7208 §7.1): a macro-string that ends in a macro or in a top label. A name without
 * macros must also be one the DNS can hold: labels of 1 to 63 octets, 253 in all (RFC 1035 §2.3.4).
 */
export function checkDomainSpec(text: string, from: number, to: number): TextCheck {
  const wrong = { start: from, end: to, reason: 'domain-invalid' } as const
  if (from >= to) return wrong
  const macros = checkMacroString(text, from, to)
  if (macros !== 'ok') return macros
  const spec = text.slice(from, to)
  if (/%\{[^{}]*\}$/.test(spec)) return 'ok'
  const name = spec.endsWith('.') ? spec.slice(0, -1) : spec
  const dot = name.lastIndexOf('.')
  if (dot === -1 || !topLabel.test(name.slice(dot + 1))) return wrong
  if (hasMacro(spec)) return 'ok'
  const fits = name.length <= 253 && name.split('.').every(label => label.length > 0 && label.length <= 63)
  return fits ? 'ok' : wrong
}

/** Whether only a message can say what the text stands for. */
export function hasMacro(text: string): boolean {
  return text.includes('%')
}
