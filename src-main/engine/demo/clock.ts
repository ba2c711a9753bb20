import { setImmediate } from 'node:timers/promises'
import type { DemoTime } from '#shared/model/demo.ts'
import { demoDayMs } from '#shared/model/demo-values.ts'
import type { Clock } from '../platform.ts'

const dayMs = 24 * 60 * 60_000
/** How far time jumps at once: less than a slot of warmup may be late, and than what counts as a machine that slept. */
export const demoStepMs = 100_000
/** Turns of the event loop without anything under way, until a step counts as done. */
const quietTurns = 3
/** How long a step may take; work that hangs must not hold up time for good. */
const longestStepMs = 3_000
/** How far play may fall behind its speed before it lets the lost time go. */
const mostBehindMs = 250

/** How much longer the rounds of a mail program are while time is played: everybody's inbox tells of new mail by itself. */
const coarseFactor = 50

/** A clock whose time can be played fast. Otherwise it runs as the host's does, ahead by what was played. */
export type DemoClock = Clock & {
  /** How far it is ahead of the host's. */
  aheadMs(): number
  time(): DemoTime
  /** The same time for work that only looks whether all is well: while time is played its waits are many times as long. */
  readonly coarse: Clock
  /**
   * So long from now, or to where the last play was to end; a day in `msPerDay`, in steps, the next of which waits until
   * nothing is under way.
   */
  play(forMs: number | null, msPerDay: number): void
  pause(): void
  /** Calls nothing back any more. */
  stop(): void
}

type Timer = { at: number; readonly isStretched: boolean; readonly callback: () => void }

/** The clock of the demo, on the host's. `isBusy` tells whether mail is on its way or being worked on. */
export function createDemoClock(host: Clock, isBusy: () => boolean): DemoClock {
  const timers = new Set<Timer>()
  let aheadMs = 0
  /** Time while it is played; it stands still between two steps. */
  let playing: { now: number; readonly untilAt: number; readonly msPerDay: number } | null = null
  let played: DemoTime['played'] = null
  let msPerDay: number = demoDayMs.usual
  let callOff: (() => void) | null = null
  let isOver = false

  const now = () => playing?.now ?? host.now() + aheadMs

  const runDue = () => {
    const due = [...timers].filter(({ at }) => at <= now()).toSorted((a, b) => a.at - b.at)
    for (const timer of due) if (timers.delete(timer)) timer.callback()
  }

  /** While time is not played, one timer of the host stands for the next of ours. */
  const arm = () => {
    callOff?.()
    callOff = null
    if (isOver || playing !== null || timers.size === 0) return
    let next = Number.POSITIVE_INFINITY
    for (const { at } of timers) next = Math.min(next, at)
    callOff = host.after(Math.max(0, next - now()), () => {
      runDue()
      arm()
    })
  }

  const settled = async () => {
    const giveUpAt = host.now() + longestStepMs
    for (let quiet = 0; quiet < quietTurns && host.now() < giveUpAt; ) {
      await setImmediate()
      quiet = isBusy() ? 0 : quiet + 1
    }
  }

  const run = async (own: NonNullable<typeof playing>) => {
    let dueAt = host.now()
    const isOn = () => playing === own && own.now < own.untilAt
    while (isOn()) {
      await settled()
      if (!isOn()) return
      const stepMs = Math.min(demoStepMs, own.untilAt - own.now)
      own.now += stepMs
      runDue()
      dueAt = Math.max(dueAt + (own.msPerDay * stepMs) / dayMs, host.now() - mostBehindMs)
      const waitMs = dueAt - host.now()
      if (waitMs > 1) await new Promise<void>(resolve => void host.after(waitMs, resolve))
    }
    if (playing === own) pause()
  }

  const pause = () => {
    if (playing === null) return
    aheadMs = playing.now - host.now()
    playing = null
    for (const timer of timers) if (timer.isStretched) timer.at = now()
    arm()
  }

  const after = (delayMs: number, isStretched: boolean, callback: () => void) => {
    const timer = { at: now() + Math.max(0, delayMs), isStretched, callback }
    timers.add(timer)
    arm()
    return () => void timers.delete(timer)
  }

  return {
    now,
    after: (delayMs, callback) => after(delayMs, false, callback),
    coarse: {
      now,
      after: (delayMs, callback) =>
        playing === null ? after(delayMs, false, callback) : after(delayMs * coarseFactor, true, callback),
    },
    aheadMs: () => now() - host.now(),
    time: () => ({ now: now(), isPlaying: playing !== null, msPerDay, played }),
    play: (forMs, speed) => {
      const from = now()
      const untilAt = forMs === null ? (played?.untilAt ?? from) : from + forMs
      if (isOver || untilAt <= from) return
      played = { fromAt: forMs === null ? (played?.fromAt ?? from) : from, untilAt }
      msPerDay = speed
      playing = { now: from, untilAt, msPerDay: speed }
      arm()
      void run(playing)
    },
    pause,
    stop: () => {
      isOver = true
      playing = null
      timers.clear()
      arm()
    },
  }
}
