import { afterEach, expect, test, vi } from 'vitest'
import { memoryMailWorld } from '../helpers/mail-world.ts'
import { fakeClock } from '../helpers/clock.ts'
import { snapshot, testEngine, type TestEngine, until, valueOf } from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { standInMail } from '../helpers/stand-in-mail.ts'
import { putActiveMailboxes } from '../helpers/warmup-engine.ts'
import { openStore } from '#engine/storage/open.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'

vi.setConfig({ testTimeout: 120_000 })

const minuteMs = 60_000
const folder = temporaryFolder()
let engine: TestEngine | null = null
afterEach(async () => {
  await engine?.stop()
  folder.remove()
})

/** The engine on a folder with mailboxes whose test passed, over a world of mail in memory. */
async function warmEngine() {
  const clock = fakeClock(Date.UTC(2026, 2, 3, 7, 30))
  const store = valueOf(await openStore(folder.path, clock.now))
  const addresses = ['anna@one.example', 'ben@two.example', 'cleo@three.example', 'dan@four.example']
  const ids = putActiveMailboxes(store, addresses, clock.now())
  store.close()
  const world = memoryMailWorld(clock)
  const started = await testEngine({ dataDir: folder.path, clock, mail: standInMail(world).makeMail })
  engine = started
  const run = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(minuteMs)
      for (let turn = 0; turn < 12; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
  }
  return { engine: started, ids, world, run }
}

async function shown({ client }: TestEngine) {
  const rows = [...(await snapshot(client)).rows.values()]
  return {
    warmup: rows.flatMap(row => (row.table === 'warmup' ? [row.row] : [])),
    alerts: rows.flatMap(row => (row.table === 'alerts' ? [row.row] : [])),
  }
}

test('mailboxes that passed their test begin by themselves, write to each other, and stand in the feed', async () => {
  const { engine, ids, world, run } = await warmEngine()
  engine.start()
  await until(async () => {
    await run(1)
    return (await shown(engine)).warmup.length === ids.length
  })
  await run(9 * 60)
  expect(world.sends.length).toBeGreaterThan(2)
  const rows = (await shown(engine)).warmup
  expect(rows.reduce((sum, { today }) => sum + today.sent, 0)).toBe(world.sends.length)
  const alerts = (await shown(engine)).alerts
  expect(alerts.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['warmup.rules info'])
  const activity = valueOf(await engine.client.warmup.activity({ id: null }))
  expect(activity.entries.filter(({ code }) => code === 'started')).toHaveLength(ids.length)
  const details = valueOf(await engine.client.warmup.details({ id: ids[0] ?? '' }))
  expect(details.planned.length).toBe(40)
  expect(details.days).toHaveLength(1)
})

test('a person pauses, resumes, skips, changes settings and takes out', async () => {
  const { engine, ids, run } = await warmEngine()
  const { warmup, settings } = engine.client
  valueOf(await settings.set({ warmup: { startsByItself: false } }))
  engine.start()
  await run(2)
  expect((await shown(engine)).warmup).toEqual([])
  const own = { ...defaultSettings('moderate', 'Europe/Paris'), targetPerDay: 25 }
  expect(valueOf(await warmup.start({ ids, settings: own })).changed).toEqual(ids)
  expect(valueOf(await warmup.start({ ids, settings: null })).changed).toEqual([])
  const [first = '', second = ''] = ids
  expect(valueOf(await warmup.pause({ ids: [first] })).changed).toEqual([first])
  const rowOf = async (id: string) => (await shown(engine)).warmup.find(row => row.id === id)
  expect((await rowOf(first))?.state).toMatchObject({ state: 'paused', reason: 'paused-by-person' })
  expect(valueOf(await warmup.resume({ ids: [first] })).changed).toEqual([first])
  expect((await rowOf(first))?.state.state).toBe('ramping')
  expect(valueOf(await warmup.skip({ ids: [second] })).changed).toEqual([second])
  expect((await rowOf(second))?.phase).toBe('maintenance')
  const changed = { ...own, strategy: 'aggressive' as const }
  expect(valueOf(await warmup.setSettings({ ids: [first], settings: changed })).changed).toEqual([first])
  expect((await rowOf(first))?.of).toBe(10)
  const zone = { ...own, timeZone: 'Mars/Olympus' }
  expect((await warmup.setSettings({ ids: [first], settings: zone })).ok).toBe(false)
  valueOf(await warmup.setCampaign({ ids: [first], date: '2026-03-03', messages: 49 }))
  expect((await rowOf(first))?.today.cap).toBeLessThanOrEqual(1)
  const preview = valueOf(await warmup.preview({ id: first, settings: own }))
  expect(preview.reach).toMatchObject({ mailboxes: 4, pairs: 6 })
  const bad = [{ subject: 'Hello', body: 'See https://example.com {' }]
  expect(valueOf(await warmup.setTemplates({ templates: bad })).problems.length).toBeGreaterThan(0)
  expect(valueOf(await warmup.templates())).toEqual([])
  valueOf(await warmup.setTemplates({ templates: [{ subject: 'Hello', body: '{Hi|Hello} [name]' }] }))
  expect(valueOf(await warmup.templates())).toHaveLength(1)
  expect(valueOf(await warmup.stop({ ids: [first] })).changed).toEqual([first])
  expect(await rowOf(first)).toBeUndefined()
  expect((await warmup.details({ id: first })).ok).toBe(false)
})
