import { describe, expect, test } from 'vitest'
import { partnerStates, partnerTextKinds, partnerTextProblems } from '#shared/model/partner-values.ts'
import {
  partnerSentence,
  partnerStateWords,
  partnerTextProblemSentence,
  partnerTextWords,
} from '#shared/words/partners.ts'

describe('the words of partners', () => {
  test.each(partnerStates)('say how things stand when an agreement is %s', state => {
    expect(partnerStateWords[state].name).toMatch(/^[A-Z]/)
    expect(partnerSentence({ state, endedBy: null })).toMatch(/^[A-Z].*\.$/)
  })

  test('say who ended it', () => {
    expect(partnerSentence({ state: 'ended', endedBy: 'them' })).toMatch(/^They ended it\./)
    expect(partnerSentence({ state: 'ended', endedBy: 'us' })).toMatch(/^You ended it\./)
  })

  test.each(partnerTextProblems)('say what is wrong with a text that is %s, and what to do', code => {
    expect(partnerTextProblemSentence({ code, address: '' })).toMatch(/^[A-Z].*\.$/)
  })

  test('name the address that stands in the way, cut where it is endless', () => {
    const address = `anna@${'x'.repeat(200)}.example`
    const sentence = partnerTextProblemSentence({ code: 'address-taken', address })
    expect(sentence).toContain('anna@xxx')
    expect(sentence.length).toBeLessThan(300)
  })

  test.each(partnerTextKinds)('say to whom the text of kind %s goes', kind => {
    expect(partnerTextWords[kind].hand).toMatch(/^Give them .*\.$/)
  })
})
