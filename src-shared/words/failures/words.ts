import type { FailureDetail } from '../../failure.ts'
import { clip } from '../phrases.ts'

export type FailureWords = {
  /** What happened. */
  readonly title: (detail: FailureDetail) => string
  /** Why, when it helps. */
  readonly cause?: string
  /** What to do. */
  readonly next: (detail: FailureDetail) => string
}

/** The first of these facts that is there, shortened; else `fallback`. */
export function text(detail: FailureDetail, names: readonly string[], fallback: string): string {
  for (const name of names) {
    const value = detail[name]
    if (typeof value === 'string' && value.trim() !== '') return clip(value, 60)
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return fallback
}

export const always = (sentence: string) => () => sentence

/** Proposes the corrected name when the parser found one. */
export function instead(otherwise: string): FailureWords['next'] {
  return detail => {
    const suggestion = text(detail, ['suggestion'], '')
    return suggestion === '' ? otherwise : `Use ${suggestion} instead.`
  }
}
