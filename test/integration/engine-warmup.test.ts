import { afterEach, expect, test, vi } from 'vitest'
import { memoryMailWorld } from '../helpers/mail-world.ts'
import { fakeClock } from '../helpers/clock.ts'
import { snapshot, testEngine, type TestEngine, until, valueOf } from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { standInMail } from '../helpers/stand-in-mail.ts'
import { putActiveMailboxes } from '../helpers/warmup-engine.ts'
import { openStore } from '#engine/storage/open.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'
import type { WarmupDefaults } from '#shared/model/warmup.ts'

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
  const run = async (minutes: number, atOnce = 1) => {
    for (let minute = 0; minute < minutes; minute += atOnce) {
      clock.advance(atOnce * minuteMs)
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

const moderate: WarmupDefaults = {
  strategy: 'moderate',
  targetPerDay: 25,
  window: { fromMinute: 8 * 60, toMinute: 16 * 60 },
  weekdays: [1, 2, 3, 4, 5],
}

test('a mailbox begins with the default of its domain, each with its own, and keeps it when that changes', async () => {
  const { engine, ids, run } = await warmEngine()
  const { warmup, settings, domains } = engine.client
  valueOf(await settings.set({ warmup: { startsByItself: false } }))
  engine.start()
  await run(2)
  const one = valueOf(await domains.add({ input: 'one.example' }))
  const two = valueOf(await domains.add({ input: 'two.example' }))
  expect([one.warmupDefaults, one.warmupPerDay]).toEqual([null, null])
  valueOf(await domains.setWarmupDefaults({ ids: [one.id], defaults: moderate }))
  const aggressive = { ...moderate, strategy: 'aggressive' as const, targetPerDay: null }
  valueOf(await domains.setWarmupDefaults({ ids: [two.id], defaults: aggressive }))
  const [first = '', second = '', third = ''] = ids
  expect(valueOf(await warmup.start({ ids, settings: null })).changed).toEqual(ids)
  const settingsOf = async (id: string) => valueOf(await warmup.details({ id })).settings
  expect(await settingsOf(first)).toMatchObject({ ...moderate, timeZone: 'Europe/Berlin' })
  expect(await settingsOf(second)).toMatchObject({ ...aggressive, targetPerDay: 20 })
  expect(await settingsOf(third)).toEqual(defaultSettings('conservative', 'Europe/Berlin'))
  valueOf(await domains.setWarmupDefaults({ ids: [one.id], defaults: null }))
  expect(await settingsOf(first)).toMatchObject(moderate)
  valueOf(await warmup.stop({ ids: [first] }))
  valueOf(await warmup.start({ ids: [first], settings: null }))
  expect(await settingsOf(first)).toEqual(defaultSettings('conservative', 'Europe/Berlin'))
})

test('one that begins by itself takes the default of its domain too', async () => {
  const { engine, ids, run } = await warmEngine()
  const { id } = valueOf(await engine.client.domains.add({ input: 'one.example' }))
  valueOf(await engine.client.domains.setWarmupDefaults({ ids: [id], defaults: moderate }))
  engine.start()
  await run(2)
  expect(valueOf(await engine.client.warmup.details({ id: ids[0] ?? '' })).settings).toMatchObject(moderate)
})

test('a row follows its domain onto the list, in the feed', async () => {
  const { engine, ids, run } = await warmEngine()
  engine.start()
  await run(2)
  const batches = await engine.client.changes.watch({ feed: 'test', since: null, dataId: null })
  const told: (string | null)[] = []
  const readUntil = async (isDone: () => boolean) => {
    while (!isDone()) {
      const step = await batches.next()
      if (step.done === true) throw new Error('The feed ended.')
      const batch = step.value
      if (batch.kind === 'reset') continue
      await engine.client.changes.acknowledge({ feed: 'test', page: batch.page })
      const rows = batch.kind === 'rows' ? batch.rows : batch.kind === 'changes' ? batch.put : []
      for (const row of rows) if (row.table === 'warmup' && row.key === ids[0]) told.push(row.row.domainId)
    }
  }
  await readUntil(() => told.length > 0)
  expect(told).toEqual([null])
  const { id } = valueOf(await engine.client.domains.add({ input: 'one.example' }))
  await readUntil(() => told.at(-1) === id)
  await batches.return?.()
})

test('a campaign of every day takes its part of the day, and one said of a date goes before it', async () => {
  const { engine, ids, run } = await warmEngine()
  const { warmup, settings } = engine.client
  valueOf(await settings.set({ warmup: { startsByItself: false } }))
  engine.start()
  await run(2)
  const [first = '', second = ''] = ids
  const full = { ...defaultSettings('custom', 'Europe/Berlin'), customPerDay: [30], variance: 0 }
  valueOf(await warmup.start({ ids, settings: full }))
  const rowOf = async (id: string) => (await shown(engine)).warmup.find(row => row.id === id)
  expect((await rowOf(first))?.today.cap).toBe(30)
  expect(valueOf(await warmup.setCampaign({ ids: [first, second], messages: 45 })).changed).toHaveLength(2)
  expect(await rowOf(first)).toMatchObject({
    campaign: { perDay: 45, today: 45 },
    today: { cap: 5 },
  })
  expect(valueOf(await warmup.setCampaign({ ids: [first], messages: 45 })).changed).toEqual([])
  valueOf(await warmup.setCampaign({ ids: [first], messages: 50, date: '2026-03-03' }))
  expect(await rowOf(first)).toMatchObject({
    campaign: { perDay: 45, today: 50 },
    today: { cap: 0, planned: 0 },
  })
  expect(await rowOf(second)).toMatchObject({ campaign: { today: 45 }, today: { cap: 5 } })
  const { entries } = valueOf(await warmup.activity({ id: first, codes: ['campaign-changed'] }))
  expect(entries.map(({ facts }) => facts)).toEqual([{ messages: 50, date: '2026-03-03' }, { messages: 45 }])
  await run(24 * 60)
  expect(await rowOf(first)).toMatchObject({ campaign: { today: 45 }, today: { date: '2026-03-04', cap: 5 } })
})

test('a mailbox that moves west has its next day planned anew, though that date was begun further east', async () => {
  const { engine, ids, run } = await warmEngine()
  engine.start()
  await until(async () => {
    await run(1)
    return (await shown(engine)).warmup.length === ids.length
  })
  const { warmup } = engine.client
  const [first = ''] = ids
  const { settings } = valueOf(await warmup.details({ id: first }))
  const plansOf = async () =>
    valueOf(await warmup.activity({ id: first, codes: ['day-planned'] })).entries.length
  valueOf(
    await warmup.setSettings({ ids: [first], settings: { ...settings, timeZone: 'Pacific/Kiritimati' } }),
  )
  // To 10:40 UTC: over midnight there.
  await run(200, 10)
  valueOf(await warmup.setSettings({ ids: [first], settings: { ...settings, timeZone: 'Europe/London' } }))
  const before = await plansOf()
  await run(15 * 60, 10)
  expect(await plansOf()).toBe(before + 1)
})
