import type { Finding, FindingCode } from '../model/finding.ts'
import { aroundWords } from './findings/around.ts'
import { dkimWords } from './findings/dkim.ts'
import { dmarcWords } from './findings/dmarc.ts'
import { mxWords, nsWords } from './findings/ns-and-mx.ts'
import { servingWords } from './findings/serving.ts'
import { spfWords } from './findings/spf.ts'
import { transportWords } from './findings/transport.ts'
import type { FindingWords } from './findings/words.ts'
import { clip, type Facts } from './phrases.ts'

export type { FindingWords } from './findings/words.ts'

const allWords: Record<FindingCode, FindingWords> = {
  ...nsWords,
  ...mxWords,
  ...spfWords,
  ...dmarcWords,
  ...dkimWords,
  ...servingWords,
  ...transportWords,
  ...aroundWords,
}

const titleCharacters = 120
/** Tried one after another until the title fits: how long a fact may be in it. */
const factCharacters = [48, 32, 24, 16, 10] as const

/** What each finding says. A title has at most 120 characters; long facts are shortened for it, whatever the DNS holds. */
export const findingWords = Object.fromEntries(
  Object.entries(allWords).map(([code, words]) => [code, { ...words, title: fitting(words.title) }]),
) as Record<FindingCode, FindingWords>

function fitting(title: FindingWords['title']): FindingWords['title'] {
  return facts => {
    for (const most of factCharacters) {
      const sentence = title(shortened(facts, most))
      if (sentence.length <= titleCharacters) return sentence
    }
    return clip(title({}), titleCharacters)
  }
}

function shortened(facts: Facts, most: number): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => {
      if (typeof fact === 'string') return [name, clip(fact, most)]
      return [name, Array.isArray(fact) ? fact.map(value => clip(value, most)) : fact]
    }),
  )
}

/** The sentences for one finding: what is so, why it matters, what to do. */
export function describeFinding(finding: Pick<Finding, 'code' | 'facts'>): {
  title: string
  why: string
  fix: string
} {
  const words = findingWords[finding.code]
  return { title: words.title(finding.facts), why: words.why, fix: words.fix(finding.facts) }
}
