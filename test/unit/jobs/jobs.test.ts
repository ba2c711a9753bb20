import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createJobs, type JobHandler, type Jobs } from '#engine/jobs/jobs.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { type FakeClock, fakeClock } from '../../helpers/clock.ts'
import { type LogLine, testLog } from '../../helpers/platform.ts'

const minute = 60_000
const hour = 60 * minute

let store: Store
let clock: FakeClock
let lines: LogLine[]
const started: Jobs[] = []

beforeEach(async () => {
  clock = fakeClock()
  lines = []
  const opened = await openStore(null, clock.now)
  if (!opened.ok) throw new Error(opened.failure.code)
  store = opened.value
})
afterEach(async () => {
  for (const jobs of started.splice(0)) await jobs.stop()
  store.close()
})

function newJobs(): Jobs {
  const jobs = createJobs({ store, clock, log: testLog(lines) })
  started.push(jobs)
  return jobs
}

/** Lets everything that is due and everything that has ended take its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await setImmediate()
}

async function advance(byMs: number): Promise<void> {
  clock.advance(byMs)
  await settle()
}

function plan(jobs: Jobs, key: string, inMs = 0, kind = 'poll'): void {
  store.write(writes => jobs.schedule(writes, { kind, key, runAt: clock.now() + inMs }))
}

/** A handler that notes when each key ran. */
function recorder(next: (runs: number) => number | null = () => null, options: Partial<JobHandler> = {}) {
  const runs: { key: string; at: number; attempt: number }[] = []
  const handler: JobHandler = {
    atOnce: 10,
    run: async ({ key, attempt }) => {
      runs.push({ key, at: clock.now(), attempt })
      return () => next(runs.length)
    },
    ...options,
  }
  return { runs, handler }
}

/** A handler whose runs last until they are let go. */
function holder(atOnce: number) {
  const held: { key: string; signal: AbortSignal; letGo: () => void }[] = []
  const handler: JobHandler = {
    atOnce,
    run: ({ key, signal }) =>
      new Promise(resolve => {
        const letGo = () => resolve(() => null)
        held.push({ key, signal, letGo })
        signal.addEventListener('abort', letGo)
      }),
  }
  return { held, handler }
}

const rows = () =>
  store.all('SELECT kind, key, state, attempt, run_at - ? AS in_ms FROM jobs ORDER BY key', clock.now())

describe('a job', () => {
  test('runs when it is due, once, and its row goes', async () => {
    const { runs, handler } = recorder()
    const jobs = newJobs()
    jobs.start({ poll: handler })
    plan(jobs, 'a', 5 * minute)
    await settle()
    await advance(4 * minute)
    expect(runs).toEqual([])
    expect(jobs.counts('poll')).toEqual({ running: 0, waiting: 1 })
    const dueAt = clock.now() + minute
    await advance(minute)
    await advance(hour)
    expect(runs).toEqual([{ key: 'a', at: dueAt, attempt: 0 }])
    expect(rows()).toEqual([])
  })

  test('runs again when its handler says so', async () => {
    const { runs, handler } = recorder(count => (count < 3 ? clock.now() + 10 * minute : null))
    const jobs = newJobs()
    jobs.start({ poll: handler })
    plan(jobs, 'a')
    await settle()
    for (let step = 0; step < 60; step += 1) await advance(minute)
    expect(runs).toHaveLength(3)
    expect(runs.map(run => run.at - (runs[0]?.at ?? 0))).toEqual([0, 10 * minute, 20 * minute])
  })

  test('is planned with its transaction or not at all', async () => {
    const { runs, handler } = recorder()
    const jobs = newJobs()
    jobs.start({ poll: handler })
    const broken = () =>
      store.write(writes => {
        jobs.schedule(writes, { kind: 'poll', key: 'a', runAt: clock.now() })
        throw new RangeError('no')
      })
    expect(broken).toThrow(RangeError)
    await settle()
    await advance(hour)
    expect(runs).toEqual([])
  })

  test('has one row: planning it again moves it', async () => {
    const { runs, handler } = recorder()
    const jobs = newJobs()
    jobs.start({ poll: handler })
    plan(jobs, 'a', minute)
    plan(jobs, 'a', 30 * minute)
    await settle()
    await advance(10 * minute)
    expect(runs).toEqual([])
    await advance(20 * minute)
    expect(runs).toHaveLength(1)
  })

  test('writes what came of it together with its row', async () => {
    const jobs = newJobs()
    jobs.start({
      poll: {
        atOnce: 1,
        run:
          async ({ key }) =>
          writes => {
            writes.run('INSERT INTO settings (key, value) VALUES (?, ?)', key, '1')
            if (key === 'b') throw new RangeError('after the insert')
            return null
          },
      },
    })
    plan(jobs, 'a')
    plan(jobs, 'b')
    await settle()
    expect(store.all('SELECT key FROM settings')).toEqual([{ key: 'a' }])
    expect(rows()).toMatchObject([{ key: 'b' }])
    expect(lines.map(line => line.event)).toContain('job-not-settled')
  })

  test('of a kind runs beside no more than it allows; other kinds go on', async () => {
    const slow = holder(2)
    const quick = recorder()
    const jobs = newJobs()
    jobs.start({ slow: slow.handler, poll: quick.handler })
    for (const key of ['a', 'b', 'c', 'd']) plan(jobs, key, 0, 'slow')
    plan(jobs, 'x')
    await settle()
    expect(slow.held.map(run => run.key)).toEqual(['a', 'b'])
    expect(jobs.counts('slow')).toEqual({ running: 2, waiting: 2 })
    expect(quick.runs).toHaveLength(1)
    slow.held[0]?.letGo()
    await settle()
    expect(slow.held.map(run => run.key)).toEqual(['a', 'b', 'c'])
  })
})

describe('a handler that throws', () => {
  test('is logged, tried again later and later, and stops nobody', async () => {
    const good = recorder()
    const bad = recorder(() => null, {
      run: async ({ attempt }) => {
        bad.runs.push({ key: 'bad', at: clock.now(), attempt })
        throw new RangeError('a secret')
      },
    })
    const jobs = newJobs()
    jobs.start({ bad: bad.handler, poll: good.handler })
    plan(jobs, 'bad', 0, 'bad')
    plan(jobs, 'good', minute)
    await settle()
    for (let step = 0; step < 80; step += 1) await advance(1_000)
    const at = bad.runs.map(run => run.at - (bad.runs[0]?.at ?? 0))
    expect(at).toEqual([0, 5_000, 15_000, 35_000, 75_000])
    expect(bad.runs.map(run => run.attempt)).toEqual([0, 1, 2, 3, 4])
    expect(good.runs).toHaveLength(1)
    expect(lines.filter(line => line.event === 'job-threw')).toHaveLength(5)
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  test('begins anew with its attempts once it has succeeded', async () => {
    let calls = 0
    const jobs = newJobs()
    jobs.start({
      poll: {
        atOnce: 1,
        run: async () => {
          calls += 1
          if (calls < 3) throw new RangeError('not yet')
          return () => clock.now() + hour
        },
      },
    })
    plan(jobs, 'a')
    await settle()
    for (let step = 0; step < 30; step += 1) await advance(1_000)
    expect(calls).toBe(3)
    expect(rows()).toMatchObject([{ key: 'a', attempt: 0, state: 'waiting' }])
  })

  test('is given up after the attempts its kind allows', async () => {
    const noted: string[] = []
    const jobs = newJobs()
    jobs.start({
      poll: {
        atOnce: 1,
        giveUpAfter: 3,
        note: (_writes, key) => noted.push(key),
        run: async () => {
          throw new RangeError('never')
        },
      },
    })
    plan(jobs, 'a')
    await settle()
    for (let step = 0; step < 60; step += 1) await advance(1_000)
    expect(rows()).toEqual([])
    expect(lines.filter(line => line.event === 'job-given-up')).toHaveLength(1)
    // Started and settled, three times each.
    expect(noted).toHaveLength(6)
  })
})

describe('cancelling', () => {
  test('drops what waits, and aborts what runs or leaves it', async () => {
    const { held, handler } = holder(2)
    const jobs = newJobs()
    jobs.start({ poll: handler })
    for (const key of ['a', 'b', 'c']) plan(jobs, key)
    await settle()
    const cancel = (key: string, started: 'abort' | 'keep') =>
      store.write(writes => jobs.cancel(writes, { kind: 'poll', key }, started))
    expect(cancel('c', 'keep')).toBe(true)
    expect(cancel('b', 'keep')).toBe(false)
    expect(cancel('a', 'abort')).toBe(true)
    expect(cancel('nobody', 'abort')).toBe(false)
    await settle()
    expect(held.map(run => run.signal.aborted)).toEqual([true, false])
    expect(rows()).toMatchObject([{ key: 'b', state: 'running' }])
  })

  test('and planning anew waits for the aborted run to end', async () => {
    const finish: (() => void)[] = []
    const runs: string[] = []
    const jobs = newJobs()
    jobs.start({
      poll: {
        atOnce: 5,
        run: ({ key }) => {
          runs.push(key)
          return new Promise(resolve => {
            finish.push(() => resolve(() => null))
          })
        },
      },
    })
    plan(jobs, 'a')
    await settle()
    store.write(writes => jobs.cancel(writes, { kind: 'poll', key: 'a' }, 'abort'))
    plan(jobs, 'a')
    await settle()
    await advance(1_000)
    expect(runs).toEqual(['a'])
    finish[0]?.()
    await settle()
    expect(runs).toEqual(['a', 'a'])
    expect(rows()).toMatchObject([{ key: 'a', state: 'running' }])
    finish[1]?.()
    await settle()
    expect(rows()).toEqual([])
  })
})

describe('after the process died', () => {
  test('what was running is due again, and what waited still waits', async () => {
    const dead = newJobs()
    dead.start({ poll: holder(1).handler })
    plan(dead, 'a')
    plan(dead, 'b')
    plan(dead, 'later', hour)
    await settle()
    expect(rows()).toMatchObject([{ key: 'a', state: 'running' }, { state: 'waiting' }, { state: 'waiting' }])

    const { runs, handler } = recorder()
    const revived = newJobs()
    revived.start({ poll: handler })
    await settle()
    expect(runs.map(run => [run.key, run.attempt])).toEqual([
      ['a', 1],
      ['b', 0],
    ])
    await advance(hour)
    expect(runs.map(run => run.key)).toEqual(['a', 'b', 'later'])
  })

  test('a job that kills the process again and again is held back, and at last dropped', async () => {
    const noted: string[] = []
    const killer: JobHandler = {
      ...holder(1).handler,
      giveUpAfter: 5,
      note: (_writes, key) => noted.push(key),
    }
    for (let life = 0; life < 3; life += 1) {
      const jobs = newJobs()
      jobs.start({ poll: killer })
      if (life === 0) plan(jobs, 'a')
      await settle()
    }
    expect(rows()).toMatchObject([{ attempt: 2, state: 'running' }])
    newJobs().start({ poll: killer })
    await settle()
    expect(rows()).toMatchObject([{ attempt: 3, state: 'waiting', in_ms: 20_000 }])
    await advance(20_000)
    newJobs().start({ poll: killer })
    await settle()
    await advance(hour)
    newJobs().start({ poll: killer })
    await settle()
    expect(rows()).toEqual([])
    expect(noted.length).toBeGreaterThan(0)
  })

  test('a stop leaves the rows due, without counting an attempt', async () => {
    const jobs = newJobs()
    jobs.start({ poll: holder(1).handler })
    plan(jobs, 'a')
    await settle()
    await jobs.stop()
    expect(rows()).toMatchObject([{ key: 'a', state: 'waiting', attempt: 0 }])
    plan(jobs, 'b')
    await settle()
    expect(rows()).toHaveLength(2)
  })
})

describe('after sleep', () => {
  test('what was missed runs once, spread out', async () => {
    const { runs, handler } = recorder(() => clock.now() + 10 * minute, { spreadMs: 10 * minute })
    const jobs = newJobs()
    jobs.start({ poll: handler })
    for (const key of ['a', 'b', 'c']) plan(jobs, key, 10 * minute)
    await settle()
    clock.sleep(9 * hour)
    await settle()
    expect(runs.map(run => run.key)).toEqual(['a'])
    await advance(5_000)
    expect(runs.map(run => run.key)).toEqual(['a', 'b', 'c'])
    const at = runs.map(run => run.at)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(1_000)
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBe(1_000)
  })

  test('kinds without a spread run at once', async () => {
    const { runs, handler } = recorder()
    const jobs = newJobs()
    jobs.start({ check: handler })
    for (const key of ['a', 'b', 'c']) plan(jobs, key, minute, 'check')
    await settle()
    clock.sleep(9 * hour)
    await settle()
    expect(runs).toHaveLength(3)
  })
})

describe('a handler that is not ready', () => {
  test('holds its jobs back without an attempt, says how many are due, and goes on when woken', async () => {
    let isReady = false
    const { runs, handler } = recorder()
    const others = recorder()
    const jobs = newJobs()
    jobs.start({ poll: { ...handler, isReady: () => isReady }, other: others.handler })
    plan(jobs, 'a')
    plan(jobs, 'b')
    plan(jobs, 'c', 2 * hour)
    store.write(writes => jobs.schedule(writes, { kind: 'other', key: 'o', runAt: clock.now() }))
    await settle()
    await advance(hour)
    expect([runs, others.runs.map(run => run.key), jobs.heldBack()]).toEqual([[], ['o'], 2])
    expect(jobs.counts('poll')).toEqual({ running: 0, waiting: 3 })
    isReady = true
    jobs.wake()
    await settle()
    expect(runs.map(({ key, attempt }) => ({ key, attempt }))).toEqual([
      { key: 'a', attempt: 0 },
      { key: 'b', attempt: 0 },
    ])
    expect(jobs.heldBack()).toBe(0)
  })
})
