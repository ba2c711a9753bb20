import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bulkProviders, bulkRequirements, bulkStates } from '#shared/bulk-senders.ts'
import { olderDifferences, spfCostSchema } from '#shared/model/audit.ts'
import { checkIds, factSchema, findingCodes } from '#shared/model/finding.ts'
import { type DnsFilter, startDnsFilter } from '../helpers/dns-filter.ts'
import { type DnsServer, startDnsServer } from '../helpers/dns-server.ts'
import { startNsd } from '../helpers/nsd.ts'
import { cliZones } from './cli-zone.ts'

const nsd = await startNsd({ zones: cliZones() })
if (nsd === null) console.warn('skipped: the command line against NSD, because nsd is not installed')
const resolver = `127.0.0.1:${nsd?.port ?? 0}`
afterAll(() => nsd?.stop())

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const { FORCE_COLOR: _force, NO_COLOR: _none, ...environment } = process.env

type Ended = { code: number | null; stdout: string; stderr: string }

function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [main, ...words], { env: { ...environment, ...env } })
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

function rookery(words: readonly string[], stdin = '', env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = start(words, env)
  child.stdin?.end(stdin)
  return ended(child)
}

const audit = (...words: string[]) => rookery(['audit', '--resolver', resolver, '--dns-only', ...words])
const linesOf = (stdout: string) => {
  expect(stdout === '' || stdout.endsWith('\n')).toBe(true)
  return stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

const state = z.enum(['found', 'absent', 'unavailable'])
const verdict = z.enum(['pass', 'warn', 'fail', 'unavailable'])
const checkId = z.enum(checkIds)
/** The documented shape, written out once more: a field that goes missing or appears by itself fails here. */
const recordShape = z.strictObject({
  domain: z.string(),
  input: z.string(),
  file: z.string().optional(),
  line: z.number().int().optional(),
  startedAt: z.number().int(),
  tookMs: z.number().int(),
  queries: z.number().int(),
  score: z.number().int().min(0).max(100).nullable(),
  scoreLost: z.array(z.strictObject({ check: checkId, code: z.enum(findingCodes), points: z.number() })),
  scoreMissing: z.array(checkId),
  spf: z.strictObject({
    state,
    record: z.string().nullable(),
    verdict,
    lookups: z.number().int(),
    voidLookups: z.number().int(),
    all: z.enum(['+all', '-all', '~all', '?all']).nullable(),
    costs: z.array(spfCostSchema),
  }),
  dmarc: z.strictObject({
    state,
    record: z.string().nullable(),
    verdict,
    policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
    foundAt: z.string().nullable(),
    organisationalDomain: z.string().nullable(),
    older: z
      .strictObject({
        policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
        organisationalDomain: z.string(),
        foundAt: z.string().nullable(),
        percentage: z.number().int(),
        differences: z.array(z.enum(olderDifferences)),
      })
      .nullable(),
  }),
  dkim: z.strictObject({
    state,
    verdict,
    tried: z.number().int(),
    selectors: z.array(
      z.strictObject({
        selector: z.string(),
        state,
        verdict,
        keyType: z.enum(['rsa', 'ed25519']).nullable(),
        keyBits: z.number().int().nullable(),
        record: z.string().nullable(),
        aliases: z.array(z.string()),
      }),
    ),
  }),
  mx: z.strictObject({
    state,
    verdict,
    nullMx: z.boolean(),
    hosts: z.array(
      z.strictObject({
        preference: z.number().int(),
        host: z.string(),
        addresses: z.array(z.string()),
        state,
      }),
    ),
    provider: z.string().nullable(),
  }),
  ns: z.strictObject({
    state,
    verdict,
    zone: z.string().nullable(),
    hosts: z.array(z.string()),
    provider: z.string().nullable(),
  }),
  checks: z.partialRecord(checkId, z.strictObject({ state, verdict })),
  views: z.array(
    z.strictObject({
      row: z.string(),
      name: z.string(),
      type: z.string(),
      state: z.enum(['same', 'resolver-old', 'differs', 'lame', 'unavailable']),
      ttlS: z.number().int().nullable(),
      resolver: z.array(z.string()),
      servers: z.array(
        z.strictObject({
          host: z.string(),
          address: z.string().nullable(),
          state: z.enum(['found', 'absent', 'lame', 'unavailable']),
          values: z.array(z.string()),
          reason: z.string().nullable(),
        }),
      ),
    }),
  ),
  findings: z.array(
    z.strictObject({
      code: z.enum(findingCodes),
      severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
      check: checkId,
      facts: z.record(z.string(), factSchema),
      rfc: z.string().regex(/^(?:RFC \d+|draft-[a-z-]+) (§|Appendix )/),
    }),
  ),
  bulkSenders: z.array(
    z.strictObject({
      provider: z.enum(bulkProviders),
      requirement: z.enum(bulkRequirements),
      state: z.enum(bulkStates),
      evidence: z.array(z.string()),
      codes: z.array(z.enum(findingCodes)),
    }),
  ),
  unavailable: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      reason: z.string().nullable(),
      server: z.string().nullable(),
    }),
  ),
})

const all = [
  'clean.example',
  'mail.clean.example',
  'faulty.example',
  'null.example',
  'bare.example',
  'bücher.example',
  'twice.example',
  'hostile.example',
]

describe.runIf(nsd !== null)('rookery audit against NSD', () => {
  test('one object a line, each of the documented shape, with what the zone says', async () => {
    const { code, stdout, stderr } = await audit('--json', ...all)
    expect(stderr).toBe('')
    expect(code).toBe(1)
    const records = linesOf(stdout).map(line => recordShape.parse(line))
    const byInput = new Map(records.map(record => [record.input, record]))
    expect([...byInput.keys()].toSorted()).toEqual(all.toSorted())

    const clean = byInput.get('clean.example')
    expect(clean).toMatchObject({
      score: 100,
      findings: [{ code: 'dnssec.unsigned', severity: 'info' }],
      unavailable: [],
      checks: {
        spf: { state: 'found', verdict: 'pass' },
        ptr: { state: 'found', verdict: 'pass' },
        dane: { state: 'absent', verdict: 'pass' },
      },
      spf: { state: 'found', verdict: 'pass', lookups: 1, voidLookups: 0, all: '-all' },
      dmarc: { state: 'found', verdict: 'pass', policy: 'reject', foundAt: '_dmarc.clean.example' },
      dkim: {
        verdict: 'pass',
        selectors: [{ selector: 's1', state: 'found', keyType: 'rsa', keyBits: 2048 }],
      },
      mx: {
        nullMx: false,
        hosts: [
          { preference: 10, host: 'mx1.clean.example', addresses: ['198.51.100.4'], state: 'found' },
          { preference: 20, host: 'mx2.clean.example', addresses: ['198.51.100.5'], state: 'found' },
        ],
      },
      ns: { provider: 'cloudflare' },
    })
    expect(byInput.get('mail.clean.example')?.dmarc).toMatchObject({
      policy: 'reject',
      foundAt: '_dmarc.clean.example',
    })
    const faulty = byInput.get('faulty.example')
    expect(faulty?.spf).toMatchObject({ lookups: 12, all: '+all', verdict: 'fail' })
    expect(faulty?.dkim.selectors).toMatchObject([{ selector: 'default', keyBits: 1024, verdict: 'warn' }])
    expect(faulty?.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'spf.too-many-lookups',
        'spf.pass-all',
        'spf.ptr',
        'mx.target-missing',
        'mx.target-is-alias',
        'mx.target-private',
        'dmarc.policy-none',
        'dmarc.no-reports',
        'dmarc.removed-tag',
        'dkim.key-short',
        'ns.single',
      ]),
    )
    expect(byInput.get('null.example')?.mx).toMatchObject({ nullMx: true })
    expect(byInput.get('bare.example')).toMatchObject({
      spf: { state: 'absent', record: null, verdict: 'fail' },
      dmarc: { state: 'absent', record: null },
      mx: { state: 'absent', hosts: [] },
    })
    expect(byInput.get('bücher.example')).toMatchObject({ domain: 'xn--bcher-kva.example', score: 100 })
    expect(byInput.get('twice.example')?.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['spf.multiple', 'dmarc.multiple']),
    )
  })

  test('the checklist of bulk senders stands at the end, when it is asked for', async () => {
    const { stdout } = await audit('--bulk-senders', 'clean.example')
    expect(stdout).toContain('What large mailbox providers ask of bulk senders')
    expect(stdout).toMatch(/Gmail\n.*✓ Met +SPF or DKIM\n.*✓ Met +SPF and DKIM\n.*✓ Met +A DMARC record\n/)
    expect(stdout).toMatch(/– Not in DNS +Few spam complaints\. Below 0\.1 %/)
    expect((await audit('clean.example')).stdout).not.toContain('bulk senders')
  })

  test('a clean run exits 0', async () => {
    expect((await audit('--json', 'clean.example')).code).toBe(0)
    expect((await audit('bücher.example')).code).toBe(0)
  })

  test('bad names are told one by one and give 2, and the good ones are still audited', async () => {
    const bad = [
      'https://clean.example/',
      'a..example',
      '192.0.2.1',
      'x y.example',
      `${'a'.repeat(64)}.example`,
      'com',
    ]
    const { code, stdout } = await audit('--json', ...bad, 'faulty.example')
    expect(code).toBe(2)
    const records = linesOf(stdout)
    const errors = new Map(
      records.filter(record => record.error).map(({ domain, error }) => [domain, error.code]),
    )
    expect(errors).toEqual(
      new Map([
        ['https://clean.example/', 'domain-has-scheme'],
        ['a..example', 'domain-empty-label'],
        ['192.0.2.1', 'domain-is-address'],
        ['x y.example', 'domain-has-space'],
        [`${'a'.repeat(64)}.example`, 'domain-label-too-long'],
        ['com', 'domain-is-public-suffix'],
      ]),
    )
    expect(records.filter(record => record.spf).map(({ domain }) => domain)).toEqual(['faulty.example'])
  })

  test('names come from arguments, files and standard input, each domain once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-cli-'))
    const file = join(folder, 'names.csv')
    await writeFile(file, 'name,domain\nA,clean.example\nB,null.example\nC,not a name\n')
    const { code, stdout } = await rookery(
      ['audit', '--resolver', resolver, '--json', '--file', file, '--file', '-', 'CLEAN.example.'],
      '# a comment\nbare.example, null.example\n',
    )
    await rm(folder, { recursive: true })
    expect(code).toBe(2)
    const records = linesOf(stdout)
    expect(records.map(({ domain }) => domain).toSorted()).toEqual([
      'bare.example',
      'clean.example',
      'not a name',
      'null.example',
    ])
    expect(records.find(({ domain }) => domain === 'not a name')).toMatchObject({ file, line: 4 })
    expect(records.find(({ domain }) => domain === 'bare.example')).toMatchObject({ file: '-', line: 2 })
  })

  test('the report for people', async () => {
    const { code, stdout, stderr } = await rookery(
      ['audit', '--resolver', resolver, 'clean.example/path', ...all],
      '',
      { NO_COLOR: '1' },
    )
    expect(code).toBe(2)
    expect(stderr).toBe('')
    expect(stdout).toMatchSnapshot()
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  test('colours only where they are wanted', async () => {
    const escape = '\u001b['
    const words = ['audit', '--resolver', resolver, 'clean.example']
    expect((await rookery(words)).stdout).not.toContain(escape)
    expect((await rookery(words, '', { FORCE_COLOR: '1' })).stdout).toContain(escape)
  })

  test('a long list arrives whole through a pipe', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `h${index}.bare.example`)
    const { code, stdout } = await rookery(
      ['audit', '--resolver', resolver, '--json', '--file', '-', '--concurrency', '32'],
      names.join('\n'),
    )
    expect(code).toBe(1)
    expect(
      linesOf(stdout)
        .map(({ domain }) => domain)
        .toSorted(),
    ).toEqual(names.toSorted())
  })

  test('a reader that goes away stops the run without a word', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `h${index}.bare.example`)
    const child = start(['audit', '--resolver', resolver, '--json', '--file', '-'])
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(names.join('\n'))
    child.stdout?.once('data', () => child.stdout?.destroy())
    const stderr = child.stderr === null ? '' : text(child.stderr)
    const [code] = await once(child, 'close')
    expect(code).toBe(141)
    expect(await stderr).toBe('')
  })
})

const checkHost = (ip: string, from: string, ...words: string[]) =>
  rookery([
    'check-host',
    '--resolver',
    resolver,
    '--ip',
    ip,
    '--mail-from',
    from,
    '--helo',
    'mx.spf.example',
    ...words,
  ])

describe.runIf(nsd !== null)('rookery check-host', () => {
  test.each([
    [
      '198.41.0.9',
      'ann@spf.example',
      {
        result: 'pass',
        explanation: null,
        lookups: 1,
        voidLookups: 0,
        matched: 'include:in.spf.example → ip4:198.41.0.0/24',
      },
    ],
    [
      '2a00:1450::7',
      'ann@spf.example',
      {
        result: 'pass',
        explanation: null,
        lookups: 1,
        voidLookups: 0,
        matched: 'include:in.spf.example → ip6:2a00:1450::/32',
      },
    ],
    [
      '192.0.2.1',
      'ann+b@spf.example',
      {
        result: 'fail',
        explanation:
          '192.0.2.1 may not send for spf.example. See http://spf.example/why?s=ann%2Bb%40spf.example',
        lookups: 2,
        voidLookups: 1,
        matched: '-all',
      },
    ],
    [
      '192.0.2.1',
      'two words@spf.example',
      {
        result: 'softfail',
        explanation: null,
        lookups: 2,
        voidLookups: 0,
        matched: '~exists:%{l}.ok.spf.example',
      },
    ],
    [
      '192.0.2.1',
      'ann@broken.spf.example',
      { result: 'permerror', explanation: null, lookups: 1, voidLookups: 0, matched: null },
    ],
    [
      '192.0.2.1',
      'ann@gone.spf.example',
      { result: 'none', explanation: null, lookups: 0, voidLookups: 0, matched: null },
    ],
    ['192.0.2.1', '', { result: 'none', explanation: null, lookups: 0, voidLookups: 0, matched: null }],
  ])('%s for %j', async (ip, from, answer) => {
    const { code, stdout, stderr } = await checkHost(ip, from, '--json')
    expect(linesOf(stdout)).toEqual([answer])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('for people', async () => {
    const { code, stdout } = await checkHost('192.0.2.1', 'ann@spf.example')
    expect(code).toBe(0)
    expect(stdout).toMatchSnapshot()
  })

  test('a server that cannot be reached: temperror, exit 3', async () => {
    const words = [
      'check-host',
      '--ip',
      '192.0.2.1',
      '--mail-from',
      'a@spf.example',
      '--helo',
      'x.example',
      '--json',
    ]
    const { code, stdout } = await rookery([...words, '--resolver', '127.0.0.1:1'])
    expect(code).toBe(3)
    expect(linesOf(stdout)).toMatchObject([{ result: 'temperror', matched: null }])
  })
})

describe.runIf(nsd !== null)('rookery audit when answers stay out', () => {
  let silent: DnsServer
  let filter: DnsFilter
  beforeAll(async () => {
    silent = await startDnsServer(() => 'drop')
    // It keeps back every question about DMARC and hands the others to NSD.
    filter = await startDnsFilter(nsd ?? { host: '127.0.0.1', port: 9 })
    filter.decide(({ name }) => (name.startsWith('_dmarc.') ? 'drop' : 'pass'))
  })
  afterAll(async () => {
    await silent.close()
    await filter.close()
  })

  test('one question without an answer: unavailable, no verdict on it, exit 3', async () => {
    const { code, stdout } = await rookery([
      'audit',
      '--json',
      '--resolver',
      filter.address,
      'faulty.example',
    ])
    expect(code).toBe(3)
    const [record] = linesOf(stdout).map(line => recordShape.parse(line))
    expect(record).toMatchObject({
      score: null,
      scoreMissing: ['dmarc'],
      dmarc: { state: 'unavailable', verdict: 'unavailable', record: null },
      spf: { state: 'found', verdict: 'fail', lookups: 12 },
    })
    expect(record?.unavailable).toContainEqual({
      name: '_dmarc.faulty.example',
      type: 'TXT',
      reason: 'timeout',
      server: filter.address,
    })
    expect(record?.findings.filter(({ check }) => check === 'dmarc')).toEqual([])
  })

  test('an interrupt prints what it has and exits 130', async () => {
    const words = ['--resolver', `127.0.0.1:${silent.port}`, 'a..example', 'clean.example', 'faulty.example']
    const child = start(['audit', '--json', ...words])
    child.stdin?.end()
    const end = ended(child)
    if (child.stdout !== null) await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await end
    expect(code).toBe(130)
    expect(stderr).toBe('')
    expect(linesOf(stdout).map(({ domain }) => domain)).toEqual(['a..example'])
  })

  test('a server that refuses: unavailable with the reason, never absent', async () => {
    const other = await startNsd({ zones: { 'clean.example': cliZones()['clean.example'] ?? '' } })
    const { code, stdout } = await rookery([
      'audit',
      '--json',
      '--resolver',
      `127.0.0.1:${other?.port ?? 0}`,
      'twice.example',
      'clean.example',
    ])
    await other?.stop()
    expect(code).toBe(3)
    const records = linesOf(stdout).map(line => recordShape.parse(line))
    const refused = records.find(({ domain }) => domain === 'twice.example')
    expect(refused).toMatchObject({ score: null, findings: [], spf: { state: 'unavailable' } })
    expect(new Set(refused?.unavailable.map(({ reason }) => reason))).toEqual(new Set(['refused']))
    expect(records.find(({ domain }) => domain === 'clean.example')).toMatchObject({
      spf: { state: 'found', verdict: 'pass' },
    })
  })

  test('a server that never answers: everything is unavailable and nothing is found wrong', async () => {
    const words = ['audit', '--resolver', `127.0.0.1:${silent.port}`, 'clean.example']
    const [forScripts, forPeople] = await Promise.all([rookery([...words, '--json']), rookery(words)])
    expect([forScripts.code, forPeople.code]).toEqual([3, 3])
    const [record] = linesOf(forScripts.stdout).map(line => recordShape.parse(line))
    expect(record).toMatchObject({ score: null, findings: [] })
    expect(new Set(record?.unavailable.map(({ reason }) => reason))).toEqual(new Set(['timeout']))
    expect(forPeople.stdout).toContain('no score: SPF, DMARC and MX could not be looked up')
    expect(forPeople.stdout).toContain('Nothing is known to be wrong.')
    expect(forPeople.stdout).not.toMatch(/Critical|High|No SPF record|No DMARC record/)
  })
})

describe('rookery, wrongly asked', () => {
  test.each([
    [[], /^Usage: rookery/],
    [['audti'], /unknown command/],
    [['audit'], /No domain was given/],
    [['audit', '--nonsense', 'a.example'], /unknown option/],
    [['audit', '--concurrency', '0', 'a.example'], /whole number from 1 to 64/],
    [['audit', '--concurrency', '1e1', 'a.example'], /whole number from 1 to 64/],
    [['audit', '--resolver', 'dns.example', 'a.example'], /is not the address of a DNS server/],
    [['audit', '--file', 'no/such/file', 'a.example'], /there is no such file/],
    [['check-host', '--ip', '192.0.2.1', '--mail-from', ''], /--helo/],
    [['check-host', '--ip', '192.0.2', '--mail-from', '', '--helo', 'x'], /is not an IP address/],
    [
      ['check-host', '--ip', '::1', '--mail-from', '', '--helo', 'x', '--resolver', 'x'],
      /is not the address/,
    ],
    [['check-host', 'a.example'], /required option|too many arguments/],
  ] as const)('%j gives 2 and a reason on standard error alone', async (words, reason) => {
    const { code, stdout, stderr } = await rookery(words)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(reason)
  })

  test('help and version give 0', async () => {
    const help = await rookery(['audit', '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('Exit codes:')
    expect((await rookery(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
