import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { type DnsRecord, type DnsServer, startDnsServer } from '../helpers/dns-server.ts'
import { failureOf, readAudit, until, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'

const records: Record<string, DnsRecord['data']> = {
  'TXT example.com': 'v=spf1 ip4:192.0.2.1 -all',
  'TXT _dmarc.example.com': 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com',
  'MX example.com': { preference: 10, exchange: 'mx.example.com' },
  'NS example.com': 'ns1.example.com',
  'A mx.example.com': '198.51.100.7',
}

let silent: boolean
let server: DnsServer
let engine: Engine
let client: InProcessClient

beforeEach(async () => {
  silent = false
  server = await startDnsServer(({ name, type }) => {
    if (silent) return 'drop'
    const data = records[`${type} ${name}`]
    return data === undefined ? { rcode: 3 } : { answers: [{ name, type, ttl: 300, data }] }
  })
  engine = valueOf(await createEngine(testPlatform()))
  client = createInProcessClient(engine.router)
  valueOf(await client.settings.set({ resolvers: [`127.0.0.1:${server.port}`] }))
})
afterEach(async () => {
  await engine.stop()
  await server.close()
})

test('an audit over the wire: what the server says, kept, counted and logged', async () => {
  const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
  const report = valueOf((await readAudit(await client.domains.audit({ id }))).result)
  expect(report).toMatchObject({
    spf: { state: 'found', verdict: 'pass', all: '-all' },
    dmarc: { state: 'found', policy: 'reject', foundAt: '_dmarc.example.com' },
    mx: { state: 'found', hosts: [{ host: 'mx.example.com', addresses: ['198.51.100.7'] }] },
  })
  expect(report.queries).toBe(server.questions.length)
  expect(valueOf(await client.settings.networkLog())).toMatchObject([
    { host: '127.0.0.1', port: server.port, protocol: 'udp', purpose: 'audit', count: report.queries },
  ])
  const asked = server.questions.length
  await readAudit(await client.domains.audit({ id }))
  expect(server.questions.length).toBe(2 * asked)
})

test('cancelling stops the questions', async () => {
  const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
  silent = true
  const leave = new AbortController()
  const reading = readAudit(await client.domains.audit({ id }, { signal: leave.signal }))
  await until(() => server.questions.length > 0)
  leave.abort()
  expect(failureOf((await reading).result).code).toBe('cancelled')
  await setTimeout(50)
  const asked = server.questions.length
  await setTimeout(3_000)
  expect(server.questions.length).toBe(asked)
  expect(valueOf(await client.domains.report({ id }))).toBeNull()
})

test('a server that never answers leaves the check unavailable, never missing', async () => {
  const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
  silent = true
  const [audited, tests] = await Promise.all([
    readAudit(await client.domains.audit({ id })),
    client.settings.testResolvers({ resolvers: [`127.0.0.1:${server.port}`] }),
  ])
  const report = valueOf(audited.result)
  expect(report.findings).toEqual([])
  expect(report.spf).toMatchObject({ state: 'unavailable', verdict: 'unavailable' })
  expect(report.score.state).toBe('unknown')
  expect(valueOf(tests)).toMatchObject([{ state: 'unavailable', reason: 'timeout' }])
})
