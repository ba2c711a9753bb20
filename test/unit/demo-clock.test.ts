import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDemoClock, demoStepMs } from '#engine/demo/clock.ts'
import { type FakeClock, fakeClock } from '../helpers/clock.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

function start() {
  const host = fakeClock()
  const busy = { isBusy: false }
  const clock = createDemoClock(host, () => busy.isBusy)
  return { host, busy, clock, openedAt: host.now() }
}

/** Lets so much real time pass, in small pieces, with the turns of the event loop that go with it. */
async function pass(host: FakeClock, forMs: number): Promise<void> {
  for (let left = forMs; left > 0; left -= 1) {
    host.advance(1)
    for (let turn = 0; turn < 6; turn += 1) await setImmediate()
  }
}

test('without play it is the clock of the host', async () => {
  const { host, clock } = start()
  const called: number[] = []
  clock.after(2_000, () => called.push(clock.now()))
  const callOff = clock.after(1_000, () => called.push(-1))
  callOff()
  host.advance(1_999)
  expect(called).toEqual([])
  host.advance(1)
  expect(called).toEqual([host.now()])
  expect(clock.aheadMs()).toBe(0)
})

test('plays a day in the time it is given, calling back in order and never later than a step', async () => {
  const { host, clock, openedAt } = start()
  const late: number[] = []
  let calls = 0
  const every = () => {
    const dueAt = clock.now() + 10 * minuteMs
    clock.after(10 * minuteMs, () => {
      calls += 1
      late.push(clock.now() - dueAt)
      every()
    })
  }
  every()
  clock.play(dayMs, 500)
  expect(clock.time().isPlaying).toBe(true)
  await pass(host, 250)
  const half = clock.now() - openedAt
  expect(half).toBeGreaterThan(0.4 * dayMs)
  expect(half).toBeLessThan(0.6 * dayMs)
  await pass(host, 300)
  expect(clock.time()).toMatchObject({
    isPlaying: false,
    played: { fromAt: openedAt, untilAt: openedAt + dayMs },
  })
  expect(clock.now() - openedAt).toBeGreaterThanOrEqual(dayMs)
  expect(clock.now() - openedAt).toBeLessThan(dayMs + 1_000)
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...late)).toBeLessThan(demoStepMs)
  expect(calls).toBeGreaterThan(110)
})

test('stands still while something is under way, but not for ever', async () => {
  const { host, busy, clock, openedAt } = start()
  busy.isBusy = true
  clock.play(dayMs, 500)
  await pass(host, 500)
  expect(clock.now()).toBe(openedAt)
  await pass(host, 2_600)
  expect(clock.now()).toBeGreaterThan(openedAt)
  clock.stop()
})

test('pauses where it is, stays ahead, and goes on to the same end at another speed', async () => {
  const { host, clock, openedAt } = start()
  clock.play(2 * dayMs, 500)
  await pass(host, 250)
  clock.pause()
  const pausedAt = clock.now()
  let calledAt = 0
  clock.after(100, () => {
    calledAt = clock.now()
  })
  await pass(host, 100)
  expect(clock.now() - pausedAt).toBe(100)
  expect(calledAt).toBe(pausedAt + 100)
  clock.play(null, 1_000)
  expect(clock.time()).toMatchObject({
    msPerDay: 1_000,
    isPlaying: true,
    played: { fromAt: openedAt, untilAt: openedAt + 2 * dayMs },
  })
  await pass(host, 1_800)
  expect(clock.time().isPlaying).toBe(false)
  clock.play(null, 1_000)
  expect(clock.time().isPlaying).toBe(false)
})

test('what only looks whether all is well waits longer while time is played, and not a moment longer', async () => {
  const { host, clock } = start()
  let looks = 0
  clock.play(dayMs, 500)
  clock.coarse.after(4 * minuteMs, () => (looks += 1))
  await pass(host, 40)
  expect(looks).toBe(0)
  clock.pause()
  await pass(host, 2)
  expect(looks).toBe(1)
})

test('calls nothing back once it has stopped', async () => {
  const { host, clock } = start()
  let calls = 0
  clock.after(10, () => (calls += 1))
  clock.play(dayMs, 500)
  clock.stop()
  clock.after(10, () => (calls += 1))
  await pass(host, 50)
  expect(calls).toBe(0)
})
