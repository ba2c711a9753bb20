import { fail, ok, type Result } from '#shared/failure.ts'
import type { DemoTime } from '#shared/model/demo.ts'
import type { guarded } from '../guard.ts'
import { pauseOn } from '../pause.ts'
import type { Clock } from '../platform.ts'
import type { DemoClock } from './clock.ts'

const dayMs = 24 * 60 * 60_000
/** The shortest time between two events, on the real clock. */
const tellEveryMs = 250

/** The time that can be played, and the real one; a workspace of a person's own has neither. */
export type DemoControl = { readonly clock: DemoClock; readonly host: Clock }

/** What may be asked of the demo's time: `src-shared/contract/demo.ts` says what each procedure answers. */
export function demoProcedures(
  engine: ReturnType<typeof guarded>,
  { demo, stopping }: { readonly demo: DemoControl | null; readonly stopping: AbortSignal },
) {
  const os = engine.demo
  return {
    watch: os.watch.handler(async function* ({ signal }): AsyncGenerator<DemoTime, Result<null>, void> {
      if (demo === null) return fail('not-allowed')
      const until = signal ? AbortSignal.any([signal, stopping]) : stopping
      let told: DemoTime | null = null
      while (!until.aborted) {
        const time = demo.clock.time()
        if (told === null || time.isPlaying || told.isPlaying || time.played !== told.played) {
          told = time
          yield time
        }
        await pauseOn(demo.host, tellEveryMs, until)
      }
      return ok(null)
    }),

    play: os.play.handler(({ input }) => {
      if (demo === null) return fail('not-allowed')
      const { days, msPerDay } = input
      demo.clock.play(days === null ? null : days * dayMs, msPerDay)
      return ok(null)
    }),

    pause: os.pause.handler(() => {
      if (demo === null) return fail('not-allowed')
      demo.clock.pause()
      return ok(null)
    }),
  }
}
