import { describe, expect, test } from 'vitest'
import { fail } from '#shared/failure.ts'
import { type Conflict, conflictCodes, outboxKinds, type SyncState, syncStates } from '#shared/model/sync.ts'
import {
  describeConflict,
  describeSync,
  discardWords,
  outboxTitle,
  syncEventLine,
  syncLine,
  syncStateWords,
  syncTrouble,
} from '#shared/words/sync.ts'

const sentence = /^[\p{Lu}“][^!]*\.$/u
const state: SyncState = {
  state: 'up-to-date',
  baseUrl: 'https://tenant.example',
  tenantId: 't',
  failure: null,
  waiting: 0,
  refused: 0,
  conflicts: 0,
  progress: null,
  nextAt: null,
  syncedAt: 1,
  connectedAt: 1,
}

test.each(syncStates)('%s has words of its own', code => {
  expect(syncStateWords[code].gloss).toMatch(sentence)
  expect(describeSync({ ...state, state: code }).title).toMatch(sentence)
})

describe('one line for the frame', () => {
  test.each([
    [{}, 'Up to date'],
    [{ refused: 2 }, 'Up to date, 2 refused'],
    [{ state: 'offline', waiting: 1 }, 'Offline, 1 change'],
    [{ state: 'offline', waiting: 1_000 }, 'Offline, 1,000 changes'],
    [{ state: 'syncing', waiting: 688, progress: { done: 312, total: 1_000 } }, 'Syncing, 312 of 1,000'],
    [{ state: 'not-connected', waiting: 0 }, 'Not connected'],
  ] as const)('%o', (change, line) => {
    expect(syncLine({ ...state, ...change })).toBe(line)
  })
})

test('a failure says what the server said', () => {
  const failure = fail('tenant-unauthorised', { host: 'tenant.example' }).failure
  const { title, text } = describeSync({ ...state, state: 'needs-sign-in', failure })
  expect(title).toContain('tenant.example')
  expect(text).toMatch(sentence)
})

test.each([
  ['syncing', false],
  ['up-to-date', false],
  ['offline', true],
  ['refused', true],
] as const)('what stood in its way is said while it is %s: %s', (code, isSaid) => {
  const failure = fail('tenant-unauthorised', { host: 'tenant.example' }).failure
  expect(syncTrouble({ state: code, failure }) !== null).toBe(isSaid)
  expect(describeSync({ ...state, state: code, failure }).title.includes('tenant.example')).toBe(isSaid)
})

test.each(conflictCodes)(
  'the conflict %s says what happened, how it was settled and what undoing does',
  code => {
    const conflict: Conflict = {
      id: '1',
      code,
      domainId: 'd',
      domainName: 'example.com',
      field: code === 'both-changed' ? 'dailyLimit' : null,
      kept: { dailyLimit: 70 },
      other: { dailyLimit: 90 },
      state: 'open',
      at: 1,
    }
    const { title, settled, undo } = describeConflict(conflict)
    expect(title).toMatch(sentence)
    expect(settled).toMatch(sentence)
    expect(undo).toMatch(/^\p{Lu}/u)
    if (code === 'both-changed') expect(`${settled} ${undo}`).toMatch(/70 messages.*90 messages.*90 messages/)
  },
)

test.each(outboxKinds)('%s can be told and given up', kind => {
  expect(outboxTitle({ kind, domainName: 'example.com', address: null })).toContain('example.com')
  expect(discardWords[kind]).toMatch(sentence)
})

test('what a round does is told with figures', () => {
  expect(syncEventLine({ kind: 'sending', done: 312, total: 1_000 })).toBe('Sending, 312 of 1,000.')
})
