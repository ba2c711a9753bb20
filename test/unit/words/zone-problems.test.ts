import { expect, it } from 'vitest'
import { zoneProblemReasons } from '#shared/model/zone-problem.ts'
import { zoneProblemLine, zoneProblemSentence } from '#shared/words/zone-problems.ts'

it.each(zoneProblemReasons)('%s has a sentence, with the text and without', reason => {
  for (const text of ['', 'wwww', '$FOO']) {
    expect(zoneProblemSentence({ reason, text })).toMatch(/^[\p{Lu}“].*\.$/su)
  }
})

it('writes a place as editors do', () => {
  expect(zoneProblemLine({ line: 12, column: 5, reason: 'type-unknown', text: 'TXTT' })).toBe(
    '12:5: “TXTT” is not a record type.',
  )
})
