import { assert, array, constantFrom, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choosePartner, emptyHistory, isPairRested, recordThread } from '#engine/warmup/pairing.ts'
import { meanDepth, pairRestMs, poolReach } from '#engine/warmup/pool.ts'
import { randomOf } from '#engine/warmup/random.ts'
import { dwellMs, replyTo } from '#engine/warmup/replies.ts'

function poolOf(size: number, domains = 4, providers = ['google', 'microsoft365', 'zoho']) {
  return Array.from({ length: size }, (_, index) => ({
    domain: `d${index % domains}.example`,
    provider: providers[index % providers.length] ?? '',
    isOpen: true,
  }))
}

function counts(mix: Record<string, number>): Record<string, number> {
  const pool = poolOf(300, 30)
  const history = emptyHistory(300)
  const random = randomOf('s')
  const sent: Record<string, number> = {}
  for (let turn = 0; turn < 60; turn += 1) {
    const to = choosePartner({ pool, from: 0, at: turn, history, random, mix }) ?? 0
    recordThread(history, pool, 0, to, turn)
    const provider = pool[to]?.provider ?? ''
    sent[provider] = (sent[provider] ?? 0) + 1
  }
  return sent
}

function reach(size: number, domains?: number, providers?: string[]) {
  return poolReach(poolOf(size, domains, providers), { replyRate: 0.4, targetPerDay: 30 })
}

function at(thread: number) {
  return replyTo({ seed: 's', threadId: `t${thread}`, depth: 1, replyRate: 0.4 })
}

describe('whom a mailbox writes to', () => {
  test('never itself, never a closed one, and the same pair once in three days whoever begins', () => {
    const steps = array(integer({ min: 0, max: 5_000_000 }), { maxLength: 60 })
    assert(
      property(string(), integer({ min: 1, max: 70 }), steps, (seed, size, pauses) => {
        const pool = poolOf(size).map((member, place) => ({ ...member, isOpen: place % 7 !== 6 }))
        const history = emptyHistory(size)
        const random = randomOf(seed)
        const begun = new Map<string, number>()
        let at = 0
        for (const pause of pauses) {
          at += pause
          const from = Math.floor(random() * size)
          const to = choosePartner({ pool, from, at, history, random })
          if (to === null) continue
          expect(to).not.toBe(from)
          expect(pool[to]?.isOpen).toBe(true)
          const pair = [from, to].toSorted((a, b) => a - b).join()
          const last = begun.get(pair)
          if (last !== undefined) expect(at - last).toBeGreaterThanOrEqual(pairRestMs)
          begun.set(pair, at)
          recordThread(history, pool, from, to, at)
        }
      }),
    )
  })

  test('two mailboxes begin one thread, and the next three days later', () => {
    const pool = poolOf(2, 2)
    const history = emptyHistory(2)
    const random = randomOf('s')
    expect(choosePartner({ pool, from: 0, at: 0, history, random })).toBe(1)
    recordThread(history, pool, 0, 1, 0)
    expect(choosePartner({ pool, from: 1, at: pairRestMs - 1, history, random })).toBeNull()
    expect(isPairRested(history, 1, 0, pairRestMs - 1)).toBe(false)
    expect(choosePartner({ pool, from: 1, at: pairRestMs, history, random })).toBe(0)
  })

  test('one alone writes to nobody', () => {
    const pool = poolOf(1)
    expect(
      choosePartner({ pool, from: 0, at: 0, history: emptyHistory(1), random: randomOf('s') }),
    ).toBeNull()
  })

  test('another domain goes before the own one', () => {
    const pool = poolOf(8, 2)
    const history = emptyHistory(8)
    const random = randomOf('s')
    for (let turn = 0; turn < 4; turn += 1) {
      const to = choosePartner({ pool, from: 0, at: 0, history, random })
      expect(to === null ? null : pool[to]?.domain).toBe('d1.example')
      recordThread(history, pool, 0, to ?? 0, 0)
    }
    expect(pool[choosePartner({ pool, from: 0, at: 0, history, random }) ?? 0]?.domain).toBe('d0.example')
  })

  test('threads spread over the providers, by weight when one is given', () => {
    for (const count of Object.values(counts({}))) expect(count).toBeGreaterThan(14)
    const weighted = counts({ google: 4 })
    expect(weighted.google).toBeGreaterThan(30)
    expect(weighted.zoho).toBeGreaterThan(4)
    expect(counts({ zoho: 0 }).zoho).toBeUndefined()
  })

  test('a large pool is served as well as a small one', () => {
    const pool = poolOf(5_000, 500)
    const history = emptyHistory(5_000)
    const random = randomOf('s')
    for (let turn = 0; turn < 2_000; turn += 1) {
      const from = turn % 5_000
      const to = choosePartner({ pool, from, at: turn, history, random })
      expect(to).not.toBeNull()
      recordThread(history, pool, from, to ?? 0, turn)
    }
  })
})

describe('what a pool can do', () => {
  test('two mailboxes are one pair: a message every few days, and it says so', () => {
    expect(reach(2, 2)).toMatchObject({ pairs: 1, notes: ['one-pair', 'target-out-of-reach'] })
    expect(reach(2, 2).messagesPerMailboxPerDay).toBeLessThan(0.5)
    expect(reach(1)).toMatchObject({ messagesPerMailboxPerDay: 0, notes: ['alone', 'target-out-of-reach'] })
  })

  test('it tells how many mailboxes a target takes, and that many reach it', () => {
    const { mailboxesForTarget } = reach(10)
    expect(reach(mailboxesForTarget).notes).toEqual([])
    expect(reach(mailboxesForTarget).messagesPerMailboxPerDay).toBeGreaterThanOrEqual(30)
    expect(reach(mailboxesForTarget - 1).notes).toEqual(['target-out-of-reach'])
  })

  test('one domain or one provider shows little', () => {
    expect(reach(200, 1).notes).toEqual(['one-domain'])
    expect(reach(200, 4, ['google']).notes).toEqual(['one-provider'])
  })
})

describe('replies', () => {
  const many = Array.from({ length: 4_000 }, (_, thread) => at(thread))

  test('come at the rate that is set, never beyond four messages', () => {
    expect(many.filter(({ answers }) => answers).length / many.length).toBeCloseTo(0.4, 1)
    assert(
      property(string(), integer({ min: 1, max: 9 }), constantFrom(0.2, 0.6, 1), (seed, depth, replyRate) => {
        const reply = replyTo({ seed, threadId: 't', depth, replyRate })
        return depth < 4 || !reply.answers
      }),
    )
  })

  test('take minutes to hours, half of them within about 40 minutes, with a long tail', () => {
    const delays = many
      .flatMap(reply => (reply.answers ? [reply.delayMs / 60_000] : []))
      .toSorted((a, b) => a - b)
    const middle = delays[Math.floor(delays.length / 2)] ?? 0
    expect(middle).toBeGreaterThan(34)
    expect(middle).toBeLessThan(46)
    expect(delays[0]).toBeGreaterThanOrEqual(4)
    expect(delays.at(-1)).toBeGreaterThan(8 * 60)
    expect(delays.at(-1)).toBeLessThanOrEqual(20 * 60)
    const logs = delays.map(delay => Math.log(delay / 40))
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
    expect(Math.abs(mean)).toBeLessThan(0.12)
  })

  test('are the same for the same thread', () => {
    expect(at(7)).toEqual(at(7))
    expect(meanDepth(0.4)).toBeCloseTo(1.624)
  })

  test('a longer message is looked at longer', () => {
    expect(dwellMs(200, () => 0.5)).toBe(63_000)
    expect(dwellMs(20, () => 0.5)).toBeLessThan(dwellMs(200, () => 0.5))
  })
})
