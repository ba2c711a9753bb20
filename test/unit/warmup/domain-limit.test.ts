import { expect, test, vi } from 'vitest'
import { campaignOn, writeCampaign } from '#engine/warmup/days.ts'
import { numberOf, testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const quick = { strategy: 'custom', customPerDay: Array.from({ length: 60 }, () => 20) } as const
const domain = 'domain0.example'

/** Messages of the domain's mailboxes between two instants, and of all others. */
function sentBetween({ world, mailboxes }: TestPool, from: number, to: number) {
  const own = new Set(
    mailboxes.filter(({ domainName }) => domainName === domain).map(({ address }) => address),
  )
  const sends = world.sends.filter(({ at }) => at >= from && at < to)
  const ofDomain = sends.filter(({ message }) => own.has(message.from.address)).length
  return { ofDomain, others: sends.length - ofDomain }
}

test('the mailboxes of a domain keep its limit together, at once and every day, and the others go on', async () => {
  const pool = await testPool({ mailboxes: 16, settings: quick })
  const midnight = Date.UTC(2026, 2, 2, 23)
  // In the middle of the first day, after it was planned.
  await pool.runUntil(Date.UTC(2026, 2, 2, 10))
  const before = sentBetween(pool, 0, midnight).ofDomain
  expect(before).toBeGreaterThan(0)
  const limit = before + 3
  pool.domains.set(domain, { defaults: null, perDay: limit })
  const dayMs = 24 * 60 * 60_000
  await pool.runUntil(midnight + 2 * dayMs)
  const [first, second, third] = [midnight - dayMs, midnight, midnight + dayMs].map(from =>
    sentBetween(pool, from, from + dayMs),
  )
  expect(first?.ofDomain).toBe(limit)
  for (const day of [second, third]) {
    expect(day?.ofDomain).toBeGreaterThan(0)
    expect(day?.ofDomain).toBeLessThanOrEqual(limit)
    expect(day?.others).toBeGreaterThan(4 * limit)
  }
  await pool.stop()
})

test('campaigns of its mailboxes count against the limit of a domain', async () => {
  const pool = await testPool({ mailboxes: 16, settings: quick })
  pool.domains.set(domain, { defaults: null, perDay: 45 })
  const no = numberOf(pool, 0)
  pool.store.write(writes => {
    writeCampaign(writes, no, null, 12)
    writeCampaign(writes, numberOf(pool, 7), null, 30)
    writeCampaign(writes, no, '2026-03-03', 15)
  })
  expect(['2026-03-02', '2026-03-03'].map(date => campaignOn(pool.store, no, date))).toEqual([12, 15])
  const midnight = Date.UTC(2026, 2, 2, 23)
  await pool.runUntil(midnight)
  expect(sentBetween(pool, 0, midnight).ofDomain).toBe(3)
  await pool.runUntil(midnight + 15 * 60 * 60_000)
  expect(sentBetween(pool, midnight, pool.clock.now()).ofDomain).toBe(0)
  await pool.stop()
})
