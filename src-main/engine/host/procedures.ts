import { fail, ok, type Result } from '#shared/failure.ts'
import type { EngineStatus } from '#shared/model/host.ts'
import type { guarded } from '../guard.ts'
import { pauseOn } from '../pause.ts'
import type { Platform } from '../platform.ts'
import { readLink } from './link.ts'

export type HostDependencies = {
  readonly platform: Platform
  readonly dataId: string
  readonly asksOutside: boolean
  readonly linkHosts: readonly string[]
  /** Aborts when the engine stops. */
  readonly stopping: AbortSignal
  status(): EngineStatus
}

/** The shortest time between two status events. */
const statusEveryMs = 250

/** What may be asked of the host: `src-shared/contract/host.ts` says what each procedure answers. */
export function hostProcedures(engine: ReturnType<typeof guarded>, dependencies: HostDependencies) {
  const { platform, dataId, asksOutside, linkHosts, stopping, status } = dependencies
  const os = engine.host
  return {
    hello: os.hello.handler(({ input }) => {
      const { build, host } = platform
      return input.build === build
        ? ok({ build, dataId, asksOutside, host })
        : fail('build-differs', { engine: build })
    }),

    ping: os.ping.handler(() => ok(null)),

    status: os.status.handler(async function* ({ signal }): AsyncGenerator<EngineStatus, Result<null>, void> {
      const until = signal ? AbortSignal.any([signal, stopping]) : stopping
      let told = ''
      while (!until.aborted) {
        const current = status()
        const text = JSON.stringify(current)
        if (text !== told) yield current
        told = text
        await pauseOn(platform.clock, statusEveryMs, until)
      }
      return ok(null)
    }),

    openWorkspace: os.openWorkspace.handler(({ input }) =>
      input.workspace === platform.host.workspace ? ok(null) : platform.openWorkspace(input.workspace),
    ),

    openLink: os.openLink.handler(({ input }) => {
      const link = readLink(input.url, linkHosts)
      return link.ok ? platform.openExternal(link.value) : link
    }),
  }
}
