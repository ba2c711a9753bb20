import { describe, expect, test } from 'vitest'
import { keychainTroubleIds } from '#shared/model/vault-values.ts'
import type { VaultState } from '#shared/model/vault.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { describeVault, keychainWords, vaultStateWords } from '#shared/words/vault.ts'

const states: readonly VaultState['state'][] = ['empty', 'open', 'locked', 'unavailable', 'key-gone']
const vault: VaultState = {
  state: 'open',
  place: 'keychain',
  keychain: 'works',
  secrets: 1,
  lost: 0,
  keyMadeAt: 1,
  lockAfterMs: null,
  locksAt: null,
  waitUntilAt: null,
  waitingJobs: 0,
}
const sentence = /^\p{Lu}[^!]*\.$/u

describe('the four ways a keychain fails, and the others', () => {
  test.each(keychainTroubleIds)('%s has words of its own', trouble => {
    const { title, cause, next } = keychainWords[trouble]
    for (const text of [title, cause, next]) expect(text).toMatch(sentence)
    const others = keychainTroubleIds.filter(id => id !== trouble)
    expect(others.map(id => keychainWords[id].title)).not.toContain(title)
    expect(others.map(id => keychainWords[id].next)).not.toContain(next)
  })

  test.each(keychainTroubleIds)(
    '%s: a passphrase is proposed only while no key is in the keychain',
    reason => {
      const without = describeFailure({ code: 'vault-no-keychain', retry: 'later', detail: { reason } })
      const withKey = describeFailure({
        code: 'vault-no-keychain',
        retry: 'later',
        detail: { reason, hasKey: true },
      })
      expect(without.title).toContain('Nothing was stored.')
      expect(without.next).toContain('set a passphrase')
      expect(`${withKey.title} ${withKey.next}`).not.toMatch(/passphrase|Nothing was stored/)
    },
  )
})

describe('how the vault stands', () => {
  test.each(states)('%s is said for both places, differently from every other', state => {
    for (const place of ['keychain', 'passphrase'] as const) {
      const said = describeVault({
        ...vault,
        state,
        place,
        keychain: state === 'unavailable' ? 'locked' : 'works',
      })
      expect(said.title).toMatch(sentence)
      expect(said.text).toMatch(sentence)
    }
    expect(new Set(states.map(id => vaultStateWords[id])).size).toBe(states.length)
  })

  test('a key that is gone says what follows, and what it can be', () => {
    expect(describeVault({ ...vault, state: 'key-gone' }).title).toContain('must be entered again')
    expect(describeVault({ ...vault, state: 'key-gone', place: 'passphrase' }).text).not.toContain('keychain')
  })
})
