import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { fakeRsaKey } from '../helpers/dkim-keys.ts'
import { readAudit, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'
import { testDns } from '../helpers/zone-resolver.ts'
import type { ZoneRecords } from '../helpers/zone.ts'

export const storedDomains = 10_000
const auditsAtOnce = 8

/** The `index`th domain of the benches: most are well, some lack something, some are broken. */
export const domainName = (index: number) => `brand-${String(index).padStart(5, '0')}.example`

/** A data folder with so many domains, each with a stored report, made through the engine's own procedures. */
export async function filledFolder(
  count: number,
  resolver: string,
): Promise<{ dataDir: string; dataId: string; tookMs: number }> {
  const startedAt = performance.now()
  const dataDir = await mkdtemp(join(tmpdir(), 'rookery-bench-'))
  const names = Array.from({ length: count }, (_, index) => domainName(index))
  const records = Object.assign({}, sharedRecords, ...names.map(recordsOf))
  const platform = testPlatform({ dataDir })
  const engine = valueOf(await createEngine(platform, testDns(records).makeResolver))
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
    return { dataDir, dataId: engine.dataId, tookMs: performance.now() - startedAt }
  } finally {
    await engine.stop()
  }
}

const strongKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`
const weakKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(1024)}`

const sharedRecords: Readonly<Record<string, ZoneRecords>> = {
  'smtp.google.com': { A: ['142.250.1.26'], AAAA: ['2a00:1450:4001::1a'] },
  '_spf.google.com': { TXT: ['v=spf1 include:_netblocks.google.com ~all'] },
  '_netblocks.google.com': { TXT: ['v=spf1 ip4:142.250.0.0/15 ~all'] },
}

function recordsOf(name: string, index: number): Record<string, ZoneRecords> {
  const kind = index % 20
  // Nothing published yet: it stays Pending.
  if (kind === 0) return { [name]: { NS: nameservers } }
  const policy = kind < 5 ? 'none' : 'reject'
  const end = kind === 1 ? '+all' : '-all'
  return {
    [name]: {
      NS: nameservers,
      MX: kind === 2 ? [`10 mx.${name}`] : ['1 smtp.google.com'],
      TXT: [`v=spf1 include:_spf.google.com ${end}`, `site-verification=${index}`],
    },
    ...(kind === 3
      ? {}
      : { [`_dmarc.${name}`]: { TXT: [`v=DMARC1; p=${policy}; rua=mailto:dmarc@${name}`] } }),
    ...(kind === 4 ? {} : { [`google._domainkey.${name}`]: { TXT: [kind < 8 ? weakKey : strongKey] } }),
  }
}

const nameservers = ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com']
