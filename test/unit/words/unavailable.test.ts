import { describe, expect, test } from 'vitest'
import { unavailableReasons } from '#shared/model/lookup.ts'
import { nothingKnownWrong, unavailableNext, unavailableSentence } from '#shared/words/unavailable.ts'

describe.each([...unavailableReasons, 'a-reason-of-another-build', null])('%s', reason => {
  test.each(['127.0.0.1:53', '[::1]:5353', '', null])('asked at %s', server => {
    const sentence = unavailableSentence(reason, server)
    expect(sentence).toMatch(/^Could not look: .+\. /)
    expect(sentence.endsWith(nothingKnownWrong)).toBe(true)
    expect(sentence).not.toMatch(/undefined|null|!|\s{2}|\s[.,;:] /)
    expect(sentence).not.toMatch(/missing|not published|no record/i)
    expect(unavailableNext(reason)).toMatch(/\.$/)
  })
})

test('names the server that gave no answer', () => {
  expect(unavailableSentence('timeout', '127.0.0.1:53')).toBe(
    'Could not look: no answer in time from 127.0.0.1:53. Nothing is known to be wrong.',
  )
})
