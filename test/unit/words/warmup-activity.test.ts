import { describe, expect, test } from 'vitest'
import { healthReasons } from '#shared/model/mailbox-health.ts'
import { warmupActivityCodes } from '#shared/model/warmup-view.ts'
import type { Facts } from '#shared/words/phrases.ts'
import { activityGroups, activityGroupWords, describeWarmupActivity } from '#shared/words/warmup-activity.ts'

const at = Date.UTC(2026, 2, 20, 12)
const full: Facts = {
  to: 'leo@nest.example',
  from: 'mia@nest.example',
  subject: 'Lunch',
  reason: 'score-low',
  until: at,
  category: 'mailbox-full',
  line: '552 5.2.2 Mailbox full',
  planned: 3,
  cap: 4,
  limitedBy: 'pool',
  count: 2,
  phase: 'maintenance',
  folder: 'Rookery',
}
const strange: Facts = {
  to: '',
  reason: 'toString',
  category: 'constructor',
  limitedBy: 'x',
  phase: '__proto__',
}

describe.each(warmupActivityCodes)('%s', code => {
  test.each([
    ['with its facts', full],
    ['without any', {}],
    ['with strange ones', strange],
  ])('has whole sentences %s', (_, facts) => {
    const { title } = describeWarmupActivity({ code, facts })
    expect(title).toMatch(/^[\p{L}\d].*\.$/su)
    expect(title).not.toMatch(/undefined|NaN|null|\[object|!|\s{2}|\s[.,;:]|“”|\.\./)
  })

  test('belongs to a group', () => {
    expect(activityGroupWords[activityGroups[code]].name).not.toBe('')
  })
})

test('the sentence holds its facts, and the server’s own words stand beside it', () => {
  const bounced = describeWarmupActivity({ code: 'bounced', facts: { ...full, from: '' } })
  expect(bounced.title).toBe('The message to leo@nest.example came back. The mailbox has no room for more.')
  expect(bounced.evidence).toBe('552 5.2.2 Mailbox full')
  expect(describeWarmupActivity({ code: 'bounced', facts: { status: '5.2.2' } }).evidence).toBe('5.2.2')
  expect(describeWarmupActivity({ code: 'rescued', facts: { from: 'mia@nest.example' } }).title).toBe(
    'The message from mia@nest.example was moved from spam to the inbox.',
  )
  expect(describeWarmupActivity({ code: 'dropped-late', facts: { count: 1 } }).title).toBe(
    '1 message left out: its time was over.',
  )
})

test.each(healthReasons)('a pause for %s says why', reason => {
  expect(describeWarmupActivity({ code: 'paused', facts: { reason } }).title).toMatch(/^Paused: .+\.$/)
})
