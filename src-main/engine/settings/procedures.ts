import { fail, ok } from '#shared/failure.ts'
import type { guarded } from '../guard.ts'
import type { Resolver } from '../net/resolve.ts'
import { formatServerAddress, systemServers } from '../net/server-address.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import type { KeptNetworkLog } from './contacts.ts'
import { applyResolvers, normaliseResolvers, testResolver } from './resolvers.ts'
import { readSettings, writeSettings } from './store.ts'

export type SettingsDependencies = {
  readonly store: Store
  readonly resolver: Resolver
  readonly networkLog: KeptNetworkLog
}

/** What may be asked about settings: `src-shared/contract/settings.ts` says what each procedure answers. */
export function settingsProcedures(engine: ReturnType<typeof guarded>, dependencies: SettingsDependencies) {
  const { store, resolver, networkLog } = dependencies
  const os = engine.settings
  return {
    get: os.get.handler(() => ok(readSettings(store))),

    set: os.set.handler(({ input }) => {
      const { theme, resolvers, reach = {}, compareMail, warmup = {} } = input
      const servers = resolvers === undefined ? null : normaliseResolvers(resolvers)
      if (servers?.ok === false) return servers
      const written = writeOrFail(store, writes => {
        const before = readSettings(writes)
        const after = {
          theme: theme ?? before.theme,
          resolvers: servers?.value ?? before.resolvers,
          reach: {
            direct: reach.direct ?? before.reach.direct,
            https: reach.https ?? before.reach.https,
            smtp: reach.smtp ?? before.reach.smtp,
          },
          compareMail: compareMail ?? before.compareMail,
          warmup: {
            startsByItself: warmup.startsByItself ?? before.warmup.startsByItself,
            tidyAfterDays: warmup.tidyAfterDays ?? before.warmup.tidyAfterDays,
          },
        }
        writeSettings(writes, after)
        return after
      })
      if (written.ok) applyResolvers(resolver, written.value.resolvers)
      return written
    }),

    testResolvers: os.testResolvers.handler(async ({ input, signal }) => {
      const tests = await Promise.all(input.resolvers.map(text => testResolver(resolver, text, signal)))
      return signal?.aborted ? fail('cancelled', {}, 'now') : ok(tests)
    }),

    systemResolvers: os.systemResolvers.handler(() => ok(systemServers().map(formatServerAddress))),

    networkLog: os.networkLog.handler(() => ok(networkLog.list().toSorted((a, b) => b.lastAt - a.lastAt))),

    clearNetworkLog: os.clearNetworkLog.handler(() => {
      networkLog.clear()
      return ok(null)
    }),
  }
}
