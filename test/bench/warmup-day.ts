import { rm } from 'node:fs/promises'
import { temporaryFolder } from '../helpers/platform.ts'
import { testPool, type TestPool } from '../helpers/warmup-pool.ts'
import type { Figure } from './figure.ts'

const mailboxes = 500
const perDay = 30
const busyHours = 2
const hourMs = 60 * 60_000
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * A pool of an agency at its full volume: what its books, plans and looks take of a processor, over a world of mail in
 * memory and with the books on disk. Connections are not in it; `watch` measures those.
 */
export async function benchWarmupDay(say: (line: string) => void): Promise<Figure[]> {
  say(`Playing some hours of ${mailboxes} mailboxes that send ${perDay} messages a day each.`)
  const folder = temporaryFolder()
  const pool = await testPool({
    mailboxes,
    startAt: Date.UTC(2026, 2, 2, 8, 45),
    dataDir: folder.path,
    log: quiet,
    settings: { strategy: 'custom', customPerDay: Array.from({ length: 30 }, () => perDay) },
  })
  try {
    // Everybody is planned and watched before it counts.
    await pool.runUntil(Date.UTC(2026, 2, 2, 9))
    const sentBefore = pool.world.sends.length
    const busy = await processorShare(pool, busyHours)
    const sent = pool.world.sends.length - sentBefore
    pool.store.write(writes => writes.run("UPDATE warmup_slots SET state = 'dropped' WHERE state = 'open'"))
    await pool.runUntil(pool.clock.now() + 3 * hourMs)
    const idle = await processorShare(pool, 2)
    return [
      {
        name: `warming ${mailboxes} mailboxes up, without connections`,
        measured: 100 * busy,
        unit: '%',
        target: 1,
        better: 'less',
        note: `of one processor, over ${busyHours} hours with ${sent.toLocaleString('en')} messages`,
      },
      {
        name: '  while nothing is sent',
        measured: 100 * idle,
        unit: '%',
        target: 0.2,
        better: 'less',
        note: 'of one processor, some hours later',
      },
    ]
  } finally {
    await pool.stop()
    await rm(folder.path, { recursive: true, force: true })
  }
}

/** Processor time of this process for each unit of the time that is played. */
async function processorShare(pool: TestPool, hours: number): Promise<number> {
  const before = process.cpuUsage()
  await pool.runUntil(pool.clock.now() + hours * hourMs)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / (hours * hourMs)
}
