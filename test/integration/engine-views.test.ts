import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { createHttpsClient } from '#engine/net/https.ts'
import { createSmtpProbe } from '#engine/net/smtp-probe.ts'
import { type Certificate, makeCertificate } from '../helpers/certificates.ts'
import { readAudit, testEngine, valueOf } from '../helpers/engine.ts'
import { startHttpsServer } from '../helpers/https-server.ts'
import { type Nsd, startNsd } from '../helpers/nsd.ts'
import { temporaryFolder, testPlatform } from '../helpers/platform.ts'
import { startSmtpServer } from '../helpers/smtp-server.ts'
import { testDns } from '../helpers/zone-resolver.ts'
import { jsonRecord } from '../../src-main/cli/json-record.ts'
import { jsonLine } from '../../src-main/cli/printable.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

const world = `
$TTL 1380
. IN SOA a.test. host.test. 1 7200 900 1209600 60
. IN NS a.test.
ns1.example.net. IN A 198.51.100.53
ns2.example.net. IN A 198.51.101.53
`
const zoneWith = (spf: string) => `
$TTL 1380
example.com. IN SOA ns1.example.net. host.example.com. 7 7200 900 1209600 60
example.com. IN NS ns1.example.net.
example.com. IN NS ns2.example.net.
example.com. IN MX 10 mx1.example.com.
example.com. IN TXT "${spf}"
example.com. IN A 198.51.100.80
mx1.example.com. IN A 198.51.100.25
mta-sts.example.com. IN A 198.51.100.81
_mta-sts.example.com. IN TXT "v=STSv1; id=1"
_dmarc.example.com. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
own1._domainkey.example.com. IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
`
const remembered = { '.': world, 'example.com': zoneWith('v=spf1 mx -all') }
const published = { 'example.com': zoneWith('v=spf1 mx ip4:198.51.100.99 -all') }

/** The whole engine beside real servers on loopback: NSD as resolver and as nameservers, HTTPS, SMTP. */
async function engineBeside(resolver: Nsd, nameservers: Readonly<Record<string, Nsd>>) {
  const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
  const certificateFor = (name: string): Certificate =>
    makeCertificate({ name, names: [name], issuer: authority })
  const web = await startHttpsServer(certificateFor('mta-sts.example.com'), (_, response) => {
    response.setHeader('content-type', 'text/plain')
    response.end('version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n')
  })
  const mx = certificateFor('mx1.example.com')
  const mail = await startSmtpServer({ secure: { cert: mx.pem, key: mx.keyPem } })
  cleanups.push(web.close, mail.close)
  const ca = [authority.pem]
  const engine: Engine = valueOf(
    await createEngine(testPlatform(), undefined, options => ({
      nameserverAt: address => {
        const nsd = nameservers[address]
        return nsd === undefined ? null : { host: nsd.host, port: nsd.port }
      },
      https: createHttpsClient({ ...options, ca, endpointOf: () => ({ host: '127.0.0.1', port: web.port }) }),
      smtp: createSmtpProbe({ ...options, ca, endpointOf: () => ({ host: '127.0.0.1', port: mail.port }) }),
    })),
  )
  cleanups.push(() => engine.stop())
  const client = createInProcessClient(engine.router)
  valueOf(await client.settings.set({ resolvers: [`127.0.0.1:${resolver.port}`] }))
  return client
}

async function nsd(zones: Readonly<Record<string, string>>): Promise<Nsd | null> {
  const started = await startNsd({ zones })
  if (started !== null) cleanups.push(started.stop)
  return started
}

test('what the nameservers have and what the resolver still has, beside a real policy and a real mail server', async () => {
  const resolver = await nsd(remembered)
  const holding = await nsd(published)
  const lame = await nsd({
    'other.example': 'other.example. 60 IN SOA a.test. b.test. 1 2 3 4 5\nother.example. 60 IN NS a.test.',
  })
  if (resolver === null || holding === null || lame === null) {
    console.warn('skipped: two views against NSD, because nsd is not installed')
    return
  }
  const client = await engineBeside(resolver, { '198.51.100.53': holding, '198.51.101.53': lame })
  const { result } = await readAudit(await client.domains.auditName({ input: 'example.com' }))
  const report = valueOf(result)

  const spf = report.views.find(({ row }) => row === 'spf')
  expect(spf).toMatchObject({
    state: 'resolver-old',
    resolver: ['v=spf1 mx -all'],
    servers: [
      { host: 'ns1.example.net', state: 'found', values: ['v=spf1 mx ip4:198.51.100.99 -all'] },
      { host: 'ns2.example.net', state: 'lame', values: [] },
    ],
  })
  expect(spf?.ttlS).toBe(1_380)
  expect(report.views.find(({ row }) => row === 'mx')?.state).toBe('lame')
  expect(report.findings.filter(({ check }) => check === 'zone')).toMatchObject([
    { code: 'zone.lame-server', facts: { host: 'ns2.example.net', reason: 'refused' } },
  ])
  expect(report.checks).toMatchObject({
    'mta-sts': { state: 'found', verdict: 'pass' },
    tls: { state: 'found', verdict: 'pass' },
  })
  expect(report.rawHttps).toMatchObject([{ state: 'answered', status: 200 }])
  expect(report.rawSmtp).toMatchObject([
    { host: 'mx1.example.com', tls: { protocol: 'TLSv1.3', problem: null } },
  ])

  const contacted = valueOf(await client.settings.networkLog({})).map(
    ({ host, protocol }) => `${protocol} ${host}`,
  )
  expect(contacted).toEqual(
    expect.arrayContaining(['https mta-sts.example.com', 'smtp mx1.example.com', 'udp 127.0.0.1']),
  )
})

test('switched off, nothing but the resolver is contacted', async () => {
  const resolver = await nsd(remembered)
  if (resolver === null) {
    console.warn('skipped: an audit without reach against NSD, because nsd is not installed')
    return
  }
  const client = await engineBeside(resolver, { '198.51.100.53': resolver, '198.51.101.53': resolver })
  const reach = { direct: false, https: false, smtp: false }
  const { events, result } = await readAudit(await client.domains.auditName({ input: 'example.com', reach }))
  const report = valueOf(result)
  expect(events[0]).toMatchObject({ kind: 'started', checks: Object.keys(report.checks) })
  expect(Object.keys(report.checks)).not.toContain('views')
  expect(Object.keys(report.checks)).not.toContain('tls')
  const contacts = valueOf(await client.settings.networkLog({}))
  expect(new Set(contacts.map(({ host, port }) => `${host} ${port}`))).toEqual(
    new Set([`127.0.0.1 ${resolver.port}`]),
  )
})

test('its snapshot gives the whole report again, byte for byte and without a network: in the window and on the command line', async () => {
  const resolver = await nsd(remembered)
  const holding = await nsd(published)
  if (resolver === null || holding === null) {
    console.warn('skipped: a snapshot of an audit with full reach against NSD, because nsd is not installed')
    return
  }
  const client = await engineBeside(resolver, { '198.51.100.53': holding, '198.51.101.53': resolver })
  const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
  valueOf(await client.records.createKey({ id, selector: 'own1', place: 'vault' }))
  const reach = { trackingHost: 'mta-sts.example.com' }
  const report = valueOf((await readAudit(await client.domains.audit({ id, reach }))).result)
  const reached = { direct: true, https: true, smtp: true, guessSelectors: true, dmarcEvidence: null }
  expect(report.reach).toEqual({ ...reached, ...reach, selectors: ['own1'] })
  expect(report.dkim.selectors).toMatchObject([{ selector: 'own1', state: 'found' }])
  expect(report.views.map(({ state }) => state)).toContain('differs')
  expect(report.raw.some(({ at }) => at === '198.51.100.53')).toBe(true)
  expect([report.rawHttps.length, report.rawSmtp.length]).toEqual([2, 1])

  const { text } = valueOf(await client.offline.exportSnapshot({ ids: [id] }))
  const elsewhere = await testEngine({ dns: testDns() })
  cleanups.push(() => elsewhere.stop())
  const events = await elsewhere.client.offline.openSnapshot({ text })
  const opened = await events.next()
  expect(opened.value).toMatchObject({ kind: 'opened', domains: ['example.com'] })
  const audited = await events.next()
  if (audited.done || audited.value.kind !== 'audited') throw new Error('Nothing was audited.')
  expect(JSON.stringify(audited.value.report)).toBe(JSON.stringify(report))
  expect(elsewhere.dns.questions).toEqual([])

  const folder = temporaryFolder()
  cleanups.push(async () => folder.remove())
  const path = join(folder.path, 'kept.json')
  await writeFile(path, text)
  const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
  const noSockets = new URL('../helpers/no-sockets.ts', import.meta.url).href
  const words = ['--import', noSockets, main, 'audit', '--snapshot', path, '--json']
  const replayed = spawnSync(process.execPath, words, { encoding: 'utf8' })
  const target = { input: 'example.com', name: 'example.com', failure: null, place: null }
  expect(replayed.stderr).toBe('')
  expect(replayed.stdout).toBe(jsonLine(jsonRecord({ kind: 'report', target, report })))
})
