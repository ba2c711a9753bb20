import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { canary } from '../helpers/canary.ts'
import { readAudit, readToEnd, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'
import { testDns } from '../helpers/zone-resolver.ts'
import { domainName, recordsOf, sharedRecords } from './domains.ts'

export const storedDomains = 10_000
export const storedMailboxes = 500
const auditsAtOnce = 8

/** A data folder with so many domains, each with a stored report, and `storedMailboxes` at the first of them, made through the engine's own procedures. */
export async function filledFolder(
  count: number,
  resolver: string,
): Promise<{ dataDir: string; dataId: string; tookMs: number }> {
  const startedAt = performance.now()
  const dataDir = await mkdtemp(join(tmpdir(), 'rookery-bench-'))
  const names = Array.from({ length: count }, (_, index) => domainName(index))
  const records = Object.assign({}, sharedRecords, ...names.map(recordsOf))
  const platform = testPlatform({ dataDir })
  const engine = valueOf(await createEngine(platform, testDns(records).makeResolver, () => null))
  const client = createInProcessClient(engine.router)
  try {
    // What is still Pending is polled when the host runs: not by asking the internet.
    valueOf(await client.settings.set({ resolvers: [resolver] }))
    const { added } = valueOf(await client.domains.import({ text: names.join('\n'), tags: [] }))
    const queue = added.values()
    const work = async () => {
      for (const { id } of queue) valueOf((await readAudit(await client.domains.audit({ id }))).result)
    }
    await Promise.all(Array.from({ length: auditsAtOnce }, work))
    await addMailboxes(client, names.slice(0, storedMailboxes))
    return { dataDir, dataId: engine.dataId, tookMs: performance.now() - startedAt }
  } finally {
    await engine.stop()
  }
}

/** A mailbox at each of these domains, untested; nobody answers where its servers would be. */
async function addMailboxes(client: InProcessClient, names: readonly string[]): Promise<void> {
  const lines = names.map(
    name => `anna@${name},${canary('bench')},mail.${name}:587:starttls,mail.${name}:993:tls`,
  )
  const read = valueOf(
    await client.mailboxes.readList({ text: ['address,password,smtp,imap', ...lines].join('\n') }),
  )
  if (read.list === null || read.good !== names.length) throw new Error('The mailboxes could not be read.')
  const list = { list: read.list, timeZone: 'Europe/Berlin', addDomains: false }
  valueOf((await readToEnd(client.mailboxes.addList(list))).result)
}
