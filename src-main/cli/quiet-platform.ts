import type { Keychain, Platform } from '#engine/platform.ts'
import { fail } from '#shared/failure.ts'
import { systemClock } from '../hosts/clock.ts'

const silent = () => undefined

/** A host that shows nothing, opens nothing, and says nothing but what went wrong; null keeps nothing. */
export function quietPlatform({
  build,
  dataDir,
  keychain,
}: {
  readonly build: string
  readonly dataDir: string | null
  readonly keychain: Keychain
}): Platform {
  return {
    dataDir,
    build,
    clock: systemClock,
    log: {
      info: silent,
      warn: silent,
      error: (event, fields) => {
        process.stderr.write(`rookery: ${event} ${JSON.stringify(fields ?? {})}\n`)
      },
    },
    host: { opensLinks: 'host', titleBarInset: { left: 0, right: 0 }, dataFolder: dataDir, workspace: 'own' },
    keychain,
    notify: silent,
    openWorkspace: async () => fail('not-allowed'),
    openExternal: async () => fail('not-allowed'),
  }
}
