import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordPlanSchema } from '#shared/model/record-plan.ts'
import { answerFrom, type DnsFilter, type LiteralZone, startDnsFilter } from '../helpers/dns-filter.ts'
import { readZoneText } from '../helpers/read-zone-text.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const zone: LiteralZone = {
  'shop.example': {
    NS: ['ns1.domaincontrol.com'],
    MX: [{ preference: 10, exchange: 'in1-smtp.messagingengine.com' }],
    TXT: ['v=spf1 mx ~all'],
  },
  'in1-smtp.messagingengine.com': { A: ['198.41.0.4'] },
  '_dmarc.shop.example': { TXT: ['v=DMARC1; p=none; rua=mailto:a@shop.example'] },
}

let dns: DnsFilter
beforeAll(async () => {
  dns = await startDnsFilter({ host: '127.0.0.1', port: 9 })
  dns.decide(question => answerFrom(zone, question) ?? { answers: [], rcode: 3 })
})
afterAll(() => dns.close())

const { FORCE_COLOR: _force, NO_COLOR: _none, ...environment } = process.env

async function records(...words: string[]) {
  const child = spawn(process.execPath, [main, 'records', '--resolver', dns.address, ...words], {
    env: environment,
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

test('the plan for people: what to do, the record, and how the DNS provider wants it', async () => {
  const { code, stdout, stderr } = await records('shop.example', '--dmarc', 'quarantine', '--tls-rpt')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('shop.example  mail at Fastmail, DNS at GoDaddy')
  expect(stdout).toContain('  value   v=spf1 mx include:spf.messagingengine.com ~all')
  expect(stdout).toContain('  instead v=DMARC1; p=none; rua=mailto:a@shop.example')
  expect(stdout).toContain('  value   v=DMARC1; p=quarantine; rua=mailto:a@shop.example')
  expect(stdout).toContain('  typed   at GoDaddy: _smtp._tls')
})

test('as JSON it is the plan of the contract', async () => {
  const choices = [
    '--mta-sts',
    'testing',
    '--tracking',
    't.example.net',
    '--spf-include',
    'include:_spf.x.example',
  ]
  const { code, stdout } = await records('shop.example', '--json', '--dns-provider', 'route53', ...choices)
  expect(code).toBe(0)
  const plan = recordPlanSchema.parse(JSON.parse(stdout))
  expect(plan).toMatchObject({ domain: 'shop.example', dnsProvider: 'route53', problems: [] })
  expect(plan.policyFile?.text).toContain('mx: in1-smtp.messagingengine.com\n')
  expect(plan.records.map(({ check }) => check)).toEqual([
    'spf',
    'dmarc',
    'dkim',
    'dkim',
    'dkim',
    'mx',
    'mta-sts',
    'tracking',
  ])
  expect(plan.records[0]?.enterValue).toBe(
    '"v=spf1 mx include:spf.messagingengine.com include:_spf.x.example ~all"',
  )
})

test('as a zone file it holds what is to be published', async () => {
  const { code, stdout } = await records('shop.example', '--bind')
  expect(code).toBe(0)
  expect(readZoneText(stdout).records.map(({ name, type }) => `${type} ${name}`)).toEqual([
    'TXT shop.example',
    ...[1, 2, 3].map(number => `CNAME fm${number}._domainkey.shop.example`),
  ])
})

test.each([
  [['not a name'], 'space'],
  [['shop.example', '--mail-provider', 'nobody'], 'There is no mail provider “nobody”. Known are: google,'],
  [['shop.example', '--dns-provider', 'nobody'], 'There is no DNS provider “nobody”.'],
  [['shop.example', '--tracking', '192.0.2.1'], '--tracking: This is an IP address'],
  [['shop.example', '--dmarc', 'strict'], 'Allowed choices are none, quarantine, reject'],
  [['shop.example', '--json', '--bind'], 'cannot be used with'],
])('%j cannot be used: code 2', async (words, why) => {
  const { code, stdout, stderr } = await records(...words)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(why)
})

test('what could not be looked up leaves its record alone: code 3', async () => {
  dns.decide(question =>
    question.name === '_dmarc.shop.example'
      ? { answers: [], rcode: 2 }
      : (answerFrom(zone, question) ?? { answers: [], rcode: 3 }),
  )
  const { code, stdout } = await records('shop.example', '--json')
  expect(code).toBe(3)
  const plan = recordPlanSchema.parse(JSON.parse(stdout))
  expect(plan.incomplete).toBe(true)
  expect(plan.records.find(({ check }) => check === 'dmarc')).toMatchObject({ action: 'keep', value: null })
})
