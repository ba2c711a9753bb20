import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/failure.ts'
import { createDemoClock } from './demo/clock.ts'
import { createMemoryKeychain } from './demo/keychain.ts'
import { type Busy, demoMail, demoMailHost } from './demo/mail.ts'
import { demoMailboxes, demoPassword, fateOf, mayLogIn } from './demo/mailboxes.ts'
import { writePast } from './demo/past.ts'
import { type DemoServers, startDemoServers } from './demo/servers/mail-servers.ts'
import { createPostOffice } from './demo/servers/post-office.ts'
import { mailDomainsOf, zoneSource } from './domains/offline/zone-source.ts'
import { parseDomainName } from './domains/domain-name.ts'
import { createEngine, type Engine } from './engine.ts'
import { createInProcessClient } from './in-process.ts'
import { freshStanding } from './mailboxes/standing.ts'
import { allMailboxes, writeConnection, writeStanding } from './mailboxes/store.ts'
import type { createResolver, Resolver } from './net/resolve.ts'
import { parseZoneFile } from './net/zone-file.ts'
import type { ZoneContent } from './net/zone.ts'
import type { Platform } from './platform.ts'
import { noTenantApi } from './sync/no-tenant-api.ts'
import { storageTrouble } from './storage/failures.ts'
import { lockFolder } from './storage/lock.ts'
import { type OpenFailure, openStore } from './storage/open.ts'

/** The demo's domains were added so long ago that what is wrong with them counts as failed, not as on its way. */
const addedBeforeMs = 4 * 24 * 60 * 60_000
const demoServer = 'the demo zone'
const nothingOutside = () => null
/** Everything a store and warmup keep in a data folder. */
const dataFiles = ['rookery.db', 'rookery.db-wal', 'rookery.db-shm', 'warmup-incarnation']

/**
 * The engine of the demo workspace: its domains come from a zone file that also gives every answer, and its mail stays
 * within this process, so nothing leaves the machine. The folder of `platform` is its own, and is filled anew each time,
 * because mail and keys of the demo end with it. Its time can be played. Fails as `createEngine` does.
 */
export async function createDemoEngine(
  platform: Platform,
  zoneText: string,
): Promise<Result<Engine, OpenFailure>> {
  const { dataDir } = platform
  // Whatever folder a caller names, nothing but a demo is taken away.
  const cleared = dataDir === null || platform.host.workspace !== 'demo' ? ok(null) : clearData(dataDir)
  if (!cleared.ok) return cleared
  const content = parseZoneFile(zoneText)
  const makeResolver = () => zoneResolver(content)
  const openedAt = platform.clock.now()
  const busy: Busy = { count: 0 }
  const clock = createDemoClock(platform.clock, () => busy.count > 0)
  const office = createPostOffice(
    demoMailboxes.map(({ address }) => address),
    { now: clock.now, mayLogIn, fateOf: envelope => fateOf(envelope, openedAt, clock.now()) },
  )
  const servers = await startDemoServers(office)
  const end = async () => {
    clock.stop()
    await servers.close()
  }
  // Nobody is asked, so nobody has to be spared.
  const options = {
    makeMail: demoMail(servers, clock.coarse, busy),
    makeTenantApi: noTenantApi,
    blacklistPaceMs: 0,
    demo: { clock, host: platform.clock },
  }
  /** What happens in the demo is no news for whoever is not looking at it. */
  const quiet: Platform = { ...platform, keychain: createMemoryKeychain(), notify: () => undefined }
  const earlier: Platform = {
    ...quiet,
    clock: { ...platform.clock, now: () => platform.clock.now() - addedBeforeMs },
  }
  const filling = await createEngine(earlier, makeResolver, nothingOutside, options)
  if (!filling.ok) {
    await end()
    return filling
  }
  await fill(filling.value, content, servers)
  await filling.value.stop()
  await writeHistory(quiet, servers)
  const engine = await createEngine({ ...quiet, clock }, makeResolver, nothingOutside, options)
  if (!engine.ok) {
    await end()
    return engine
  }
  const { stop } = engine.value
  return ok({ ...engine.value, stop: () => stop().finally(end) })
}

/** Takes away what an earlier demo left behind. */
function clearData(folder: string): Result<null, OpenFailure> {
  if (!existsSync(join(folder, 'rookery.db'))) return ok(null)
  try {
    const lock = lockFolder(folder)
    if (!lock.ok) return lock
    for (const file of dataFiles) rmSync(join(folder, file), { force: true })
    lock.value.release()
    return ok(null)
  } catch (error) {
    if (storageTrouble(error) === 'unwritable') return fail('data-folder-unwritable', { folder }, 'later')
    throw error
  }
}

async function fill(engine: Engine, content: ZoneContent, servers: DemoServers): Promise<void> {
  const client = createInProcessClient(engine.router)
  const imported = await client.domains.import({ text: demoDomains(content).join('\n') })
  const ids = imported.ok ? imported.value.added.map(({ id }) => id) : []
  for (const id of ids) {
    // What is looked up on the blacklists stands in the last report.
    await toEnd(await client.domains.audit({ id }))
    await toEnd(await client.blacklists.check({ id }))
  }
  if (ids.length > 0) await client.domains.check({ ids })
  const { smtpPort, imapPort } = servers
  const rows = demoMailboxes.map(({ address, senderName }) =>
    [address, senderName, demoPassword, demoMailHost, smtpPort, demoMailHost, imapPort].join(';'),
  )
  const header = 'address;sender name;password;smtp host;smtp port;imap host;imap port'
  const list = await client.mailboxes.readList({ text: [header, ...rows].join('\n') })
  if (!list.ok || list.value.list === null) return
  const adding = { list: list.value.list, timeZone: ownTimeZone(), addDomains: false }
  await toEnd(await client.mailboxes.addList(adding))
}

/** Lets the mailboxes be what they would be after weeks: tested, known, and with mail behind them. */
async function writeHistory(platform: Platform, { smtpPort, imapPort }: DemoServers): Promise<void> {
  if (platform.dataDir === null) return
  const { now } = platform.clock
  const opened = await openStore(platform.dataDir, now, 'fleeting')
  if (!opened.ok) return
  const store = opened.value
  const listed = allMailboxes(store)
  const mailboxes = demoMailboxes.flatMap(one => {
    const found = listed.find(({ address }) => address === one.address)
    return found === undefined ? [] : [{ ...one, id: found.id }]
  })
  store.write(writes => {
    for (const { id, address, provider, isLockedOut = false } of mailboxes) {
      const at = (port: number) => ({
        server: { host: demoMailHost, port, security: 'plain' as const },
        user: address,
      })
      writeConnection(writes, id, {
        smtp: at(smtpPort),
        imap: at(imapPort),
        login: { kind: 'password', separate: false },
        allowPlain: true,
        pinnedCertificate: null,
        provider,
      })
      const refusal = {
        code: 'auth.bad-credentials' as const,
        evidence: '535 5.7.8 The demo refuses this password',
        facts: { host: demoMailHost },
      }
      writeStanding(writes, id, {
        ...freshStanding,
        standing: isLockedOut ? 'auth-failed' : 'active',
        reason: isLockedOut ? refusal : null,
        proven: true,
        refusals: isLockedOut ? 3 : 0,
      })
    }
  })
  writePast(store, mailboxes, { now: now(), timeZone: ownTimeZone() })
  store.close()
}

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

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
