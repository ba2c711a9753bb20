import type { Result } from '#shared/failure.ts'
import { mailDomainsOf, zoneSource } from './domains/offline/zone-source.ts'
import { parseDomainName } from './domains/domain-name.ts'
import { createEngine, type Engine } from './engine.ts'
import { createInProcessClient } from './in-process.ts'
import { noMail } from './mailboxes/mail-reach.ts'
import type { createResolver, Resolver } from './net/resolve.ts'
import { parseZoneFile } from './net/zone-file.ts'
import type { ZoneContent } from './net/zone.ts'
import type { Platform } from './platform.ts'
import { noTenantApi } from './sync/no-tenant-api.ts'
import type { OpenFailure } from './storage/open.ts'

/** The demo's domains were added so long ago that what is wrong with them counts as failed, not as on its way. */
const addedBeforeMs = 4 * 24 * 60 * 60_000
const demoServer = 'the demo zone'
const nothingOutside = () => null
/** Nobody is asked, so nobody has to be spared. */
const atOnce = { makeMail: noMail, makeTenantApi: noTenantApi, blacklistPaceMs: 0 }

/**
 * The engine of the demo workspace: its domains come from a zone file that also gives every answer, so no question
 * leaves this machine. The folder of `platform` is its own and is filled when it is opened for the first time. Fails as
 * `createEngine` does.
 */
export async function createDemoEngine(
  platform: Platform,
  zoneText: string,
): Promise<Result<Engine, OpenFailure>> {
  const content = parseZoneFile(zoneText)
  const makeResolver = () => zoneResolver(content)
  const earlier: Platform = {
    ...platform,
    clock: { ...platform.clock, now: () => platform.clock.now() - addedBeforeMs },
    notify: () => undefined,
  }
  const filling = await createEngine(earlier, makeResolver, nothingOutside, atOnce)
  if (!filling.ok) return filling
  const client = createInProcessClient(filling.value.router)
  const imported = await client.domains.import({ text: demoDomains(content).join('\n') })
  const ids = imported.ok ? imported.value.added.map(({ id }) => id) : []
  for (const id of ids) {
    // What is looked up on the blacklists stands in the last report.
    await toEnd(await client.domains.audit({ id }))
    await toEnd(await client.blacklists.check({ id }))
  }
  if (ids.length > 0) await client.domains.check({ ids })
  await filling.value.stop()
  return createEngine(platform, makeResolver, nothingOutside, atOnce)
}

async function toEnd(stream: AsyncIterator<unknown, unknown, void>): Promise<void> {
  while ((await stream.next()).done !== true);
}

/** Those whose zones are in the file, and those that are handed on to servers which nobody can ask. */
function demoDomains(content: ZoneContent): string[] {
  const delegated = content.records.flatMap(({ type, name }) =>
    type === 'NS' && !content.zones.includes(name) && parseDomainName(name).ok ? [name] : [],
  )
  return [...new Set([...mailDomainsOf(content), ...delegated])]
}

/** A resolver that asks a zone, whatever servers it is given. */
function zoneResolver(content: ZoneContent): Resolver {
  const { ask } = zoneSource(content, demoServer)
  let servers: ReturnType<Resolver['servers']> = []
  return {
    lookup: async (name, type, { servers: asked }) =>
      asked === undefined
        ? ask(name, type)
        : { state: 'unavailable', name, type, reason: 'not-in-zone', server: demoServer, detail: null },
    setServers: given => {
      servers = given
    },
    servers: () => servers,
    status: () => ({ queriesInFlight: 0, network: 'unknown' }),
    close: () => undefined,
  } satisfies ReturnType<typeof createResolver>
}
