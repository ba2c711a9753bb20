import type { ClientClock } from '../../src-renderer/client/clock.ts'
import { type FakeClock, fakeClock } from './clock.ts'

/** A fake clock for the window's client; `random` is what its jitter draws. */
export function clientClock(random: () => number = () => 1): FakeClock & ClientClock {
  return { ...fakeClock(), random }
}
