import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { AuditReach } from '#shared/model/audit.ts'
import type { BlacklistEvent, BlacklistReport } from '#shared/model/blacklist.ts'
import { quietPlatform } from './quiet-platform.ts'
import type { AuditName } from './run-audits.ts'

export type CliEngine = {
  readonly client: InProcessClient
  readonly auditName: AuditName
  readonly checkHost: InProcessClient['domains']['checkHost']
  lookOnBlacklists(
    targets: readonly string[],
    signal: AbortSignal,
  ): AsyncIterator<BlacklistEvent, Result<BlacklistReport>, void>
  stop(): Promise<void>
}

/** An engine that keeps nothing beyond this process, so it runs beside the app and needs no data folder. */
export async function openEngine(options: {
  readonly build: string
  /** DNS servers as typed; empty for those of the system. */
  readonly resolvers: readonly string[]
  readonly reach?: Partial<AuditReach>
}): Promise<Result<CliEngine>> {
  const created = await createEngine(quietPlatform({ build: options.build, dataDir: null, keychain }))
  if (!created.ok) return created
  const engine = created.value
  const client = createInProcessClient(engine.router)
  if (options.resolvers.length > 0) {
    const set = await client.settings.set({ resolvers: [...options.resolvers] })
    if (!set.ok) {
      await engine.stop()
      return set
    }
  }
  return ok({
    client,
    stop: () => engine.stop(),
    checkHost: client.domains.checkHost,
    async *auditName(input, signal) {
      const events = await client.domains.auditName({ input, reach: options.reach ?? {} }, { signal })
      return yield* events
    },
    async *lookOnBlacklists(targets, signal) {
      return yield* await client.blacklists.look({ targets: [...targets] }, { signal })
    },
  })
}

/** Nothing is kept, so there is nothing to seal. */
const noKeychain = async () => fail('vault-no-keychain', { reason: 'none' })
const keychain = { read: noKeychain, write: noKeychain, remove: noKeychain }
