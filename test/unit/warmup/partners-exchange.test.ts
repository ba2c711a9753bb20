import { describe, expect, test, vi } from 'vitest'
import { allPartners } from '#engine/warmup/partners/store.ts'
import { partnerStateOf } from '#engine/warmup/partners/standing.ts'
import { agree } from '../../helpers/partners.ts'
import { runTogether, type TestPool, testPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const dayMs = 24 * 60 * 60_000

async function twoPools(mailboxes = 2): Promise<[TestPool, TestPool]> {
  const north = await testPool({ mailboxes, domain: 'north.example' })
  const south = await testPool({ mailboxes, domain: 'south.example', beside: north })
  return [north, south]
}

describe('two machines that agreed', () => {
  test('write to each other, answer in threads, rescue and file, each with its own books', async () => {
    const [north, south] = await twoPools()
    north.world.decide(({ to }) => (to.address === 'writer0@south.example' ? { role: 'junk' } : {}))
    const id = await agree(north, south)
    await runTogether([north, south], 12 * dayMs)
    const across = north.world.sends.filter(
      ({ message }) => message.from.address.split('@')[1] !== message.to.address.split('@')[1],
    )
    expect(across.length).toBeGreaterThan(20)
  })
})
