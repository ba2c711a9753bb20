import type { Facts } from '../phrases.ts'

/** Three sentences for one finding: what is so, why it matters, what to do. */
export type FindingWords = {
  readonly title: (facts: Facts) => string
  readonly why: string
  readonly fix: (facts: Facts) => string
}
