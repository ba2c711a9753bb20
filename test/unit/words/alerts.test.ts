import { describe, expect, test } from 'vitest'
import { type AlertCode, alertCodes } from '#shared/model/alert.ts'
import { blacklistReasons, listingStates } from '#shared/model/blacklist.ts'
import { unavailableReasons } from '#shared/model/lookup.ts'
import { alertNotification, describeAlert, manyAlerts } from '#shared/words/alerts.ts'
import { listNext, listSentence } from '#shared/words/blacklists.ts'
import type { Facts } from '#shared/words/phrases.ts'

const full: Record<AlertCode, Facts> = {
  'blacklist.listed': {
    target: '192.0.2.1',
    list: 'SpamCop',
    meaning: 'Sent spam.',
    delistUrl: 'https://www.spamcop.net/',
  },
  'drift.record-vanished': { check: 'spf', before: 'v=spf1 -all' },
  'drift.policy-weakened': { check: 'dmarc', before: 'reject', after: 'none', record: 'v=DMARC1; p=none' },
  'drift.lookup-limit': { before: 9, after: 11, limit: 10 },
  'drift.status-fell': { checks: ['spf', 'mx'] },
  'mailbox.auth-failed': { refusals: 3, text: '535 5.7.8 Bad credentials.' },
  'mailbox.unreachable': { host: 'imap.example.com', times: 3, reason: 'tls.cert-expired' },
  'dkim.key-old': { selector: 'rk202608', days: 90 },
  'warmup.paused': { reason: 'score-low', score: 71, reviewAt: 1_790_000_000_000 },
  'warmup.rules': {},
}

describe.each(alertCodes)('%s', code => {
  test.each([
    ['with its facts', full[code]],
    ['without any', {}],
  ])('has whole sentences %s', (_, facts) => {
    const { title, cause, next } = describeAlert({ code, facts })
    for (const sentence of [title, cause, next]) {
      expect(sentence).not.toMatch(/undefined|NaN|\[object|!|\s{2}|\s[.,;:]|“”/)
      expect(sentence).toMatch(/^[\p{Lu}\d].*\.$/su)
    }
    expect(alertNotification({ code, facts, about: 'example.com' }).title).toBe('example.com')
  })
})

test('sentences hold the facts', () => {
  expect(describeAlert({ code: 'blacklist.listed', facts: full['blacklist.listed'] }).title).toBe(
    '192.0.2.1 is on the blacklist SpamCop.',
  )
  expect(describeAlert({ code: 'drift.status-fell', facts: full['drift.status-fell'] }).cause).toMatch(
    /SPF and MX/,
  )
  expect(manyAlerts(4).title).toBe('4 new alerts in Rookery')
})

describe('a list that says nothing', () => {
  test.each([...blacklistReasons, ...unavailableReasons])(
    'for %s says so, and that nothing is known to be wrong',
    reason => {
      for (const state of listingStates) {
        const sentence = listSentence({ state, reason, meaning: null, codes: [] })
        expect(sentence).toMatch(/^\p{Lu}.*\.$/su)
        if (state !== 'listed' && state !== 'not-listed')
          expect(sentence).toMatch(/Nothing is known to be wrong\.$/)
      }
      expect(listNext({ state: 'refused', reason })).toSatisfy(
        next => next === null || String(next).endsWith('.'),
      )
    },
  )
})
