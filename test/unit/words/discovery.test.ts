import { describe, expect, it } from 'vitest'
import { mailboxProviders, rulesOf } from '#engine/mailboxes/discovery/providers.ts'
import { discoveryReasons, discoverySources, providerRuleCodes } from '#shared/model/discovery.ts'
import { sourceSentence } from '#shared/words/discovery.ts'
import { describeProviderRule, providerRuleWords } from '#shared/words/provider-rules.ts'

const isSentence = /^[\p{Lu}“].*[.]$/u
const odd = /undefined|NaN|\[object|!|\s{2}|\s[.,;:]|“”|Invalid Date/

describe.each(providerRuleCodes)('%s', code => {
  it.each([{}, { provider: '', since: 'x', most: Number.NaN, plan: ' ' }, { provider: 'P'.repeat(500) }])(
    'reads well whatever is known',
    facts => {
      const { title, text } = describeProviderRule({ code, facts, link: null })
      expect(title).not.toMatch(odd)
      expect(text).not.toMatch(odd)
      expect(text).toMatch(isSentence)
      expect(text.length).toBeLessThan(600)
      expect(providerRuleWords[code].link).toMatch(/^\p{Lu}/u)
    },
  )
})

it('every rule of every provider reads well', () => {
  for (const rule of mailboxProviders.flatMap(rulesOf)) {
    const { title, text } = describeProviderRule(rule)
    expect(`${title}. ${text}`).not.toMatch(odd)
  }
})

it('says dates and numbers as people do', () => {
  const words = mailboxProviders
    .filter(({ id }) => id === 'microsoft365')
    .flatMap(rulesOf)
    .map(rule => describeProviderRule(rule))
  expect(words.map(({ title }) => title)).toContain(
    'Sending with a password ends 31 December 2026 unless an administrator acts',
  )
  expect(words.map(({ title }) => title)).toContain('At most 10,000 recipients a day')
})

it.each(discoverySources)('%s has a sentence for every end', source => {
  for (const reason of [...discoveryReasons, null]) {
    for (const state of ['found', 'absent', 'unavailable', 'skipped'] as const) {
      const sentence = sourceSentence({ source, state, reason })
      expect(sentence).toMatch(isSentence)
      expect(sentence).not.toMatch(odd)
      if (state === 'unavailable') expect(sentence).toMatch(/^Could not look/)
    }
  }
})
