import { describe, expect, it } from 'vitest'
import type { AuditReport } from '#shared/model/audit.ts'
import { type Finding, type FindingCode, findingCodes } from '#shared/model/finding.ts'
import { apex, auditOf, changed, cleanZone, goodKey } from '../../helpers/audit-zone.ts'
import type { Around } from '../../helpers/around.ts'
import { fakeRsaKey } from '../../helpers/dkim-keys.ts'
import { fullAround, fullZone, markChain, policy, policyUrl } from '../../helpers/full-world.ts'
import type { ZoneCall, ZoneText } from '../../helpers/zone.ts'
import { cases } from './finding-cases.ts'

const ed25519Key = `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 3).toString('base64')}`

/** One domain with about everything wrong that can be wrong at once. */
const troubled: ZoneText = {
  ...cleanZone,
  'example.com': {
    NS: ['ns1.example.net'],
    MX: ['0 .', '1 smtp.google.com', '2 alias.example', '3 gone.example', '4 inside.example', '5 192.0.2.1'],
    TXT: [
      [
        'v=spf1 ptr a:void1.example a:void2.example mx:void3.example mx:big.example include:loop.example include:deep.example ',
        'include:gone.example include:plain.example include:open.example include:broken.example exists:%{i}.x.example',
      ],
      'v=spf1; mx -all',
    ],
  },
  'alias.example': { CNAME: 'smtp.google.com' },
  'inside.example': { A: ['192.168.1.1'] },
  'big.example': { MX: Array.from({ length: 12 }, (_, index) => `${index} mx${index}.example`) },
  'loop.example': { TXT: ['v=spf1 include:example.com ?all'] },
  'deep.example': { TXT: ['v=spf1 include:deeper.example -all'] },
  'deeper.example': { TXT: ['v=spf1 redirect=deepest.example'] },
  'deepest.example': { TXT: ['v=spf1 a:void4.example -all'] },
  'plain.example': { TXT: ['no record'] },
  'open.example': { TXT: ['v=spf1 +all'] },
  'broken.example': { TXT: ['v=spf1 ip4:nonsense -all'] },
  '_dmarc.example.com': {
    TXT: [
      'v=DMARC1; p=quarantine; sp=none; t=y; pct=5; psd=y; zz; rua=dmarc@example.com',
      'v=dmarc1; p=none',
    ],
  },
  'google._domainkey.example.com': { TXT: [`v=DKIM1; t=y; h=sha1; s=other; p=${fakeRsaKey(512)}`] },
}

/** Everything beyond the required checks wrong at once. */
const troubledAround: ZoneText = {
  ...fullZone,
  'example.com': {
    ...fullZone['example.com'],
    DNSKEY: ['257 3 13 AAED'],
    SOA: 'ns1.example.net host@example.com 7 7200 900 3600 172800',
    CAA: ['0 issue ;', '128 unheard of'],
    MX: [
      '10 mx1.example.com',
      '10 mx1.example.com',
      '20 smtp.google.com',
      '30 a.mail.protection.outlook.com',
    ],
    TXT: ['v=spf1 ip4:198.100.10.24/30 mx -all'],
    A: [],
  },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com'] },
  '24.10.100.198.in-addr.arpa': { PTR: ['24-10-100-198.pool.example', 'good.example.com'] },
  '24-10-100-198.pool.example': { A: ['198.100.10.24'] },
  'good.example.com': { A: ['198.100.10.24'] },
  '25.10.100.198.in-addr.arpa': { PTR: ['dyn.pool.example'] },
  'dyn.pool.example': { A: ['198.100.10.25'] },
  '26.10.100.198.in-addr.arpa': { PTR: ['elsewhere.example'] },
  'ns2.example.net': { A: ['198.100.10.54'] },
  'ns3.example.net': { A: ['198.100.10.55'] },
  '_25._tcp.mx1.example.com': { TLSA: ['3 1 1 00'], authenticated: true },
  '_25._tcp.smtp.google.com': { TLSA: ['3 1 1 00'] },
  'bounce.example.com': { TXT: ['v=spf1 -all'] },
  'em.example.com': { CNAME: 'gone.unregistered.test' },
  'mail.example.com': { CNAME: 'gone.links.sender.example' },
  'www.example.com': { CNAME: 'gone.github.io' },
}

type World = { zone: ZoneText; domain?: string; around?: Around }

const worlds: Record<string, World> = {
  'everything there is': { zone: fullZone, around: fullAround },
  'everything else wrong': {
    zone: troubledAround,
    around: {
      ...fullAround,
      servers: {
        '198.100.10.53': troubledAround,
        '198.100.10.54': {
          ...troubledAround,
          'example.com': {
            ...troubledAround['example.com'],
            SOA: 'ns1.example.net host.example.com 6 7200 900 1209600 3600',
            NS: ['ns1.example.net', 'ns9.example.net'],
            TXT: ['v=spf1 -all'],
          },
        },
        '198.100.20.1': { refers: { zone: 'example.com', hosts: ['ns1.example.net', 'ns3.example.net'] } },
      },
      pages: {
        [policyUrl]: { body: policy.replace('*.example.com', '*.example.net').replace('604800', '60') },
        'https://example.com/logo.svg': { body: '<svg><script/></svg>' },
        'https://example.com/mark.pem': { body: markChain({ names: ['example.org'], purposes: [] }) },
        'https://track.example.com/': { fault: 'certificate-expired' },
      },
      mail: { 'mx1.example.com': { startTls: false, tls: null } },
    },
  },
  'a lame server and one that resolves': {
    zone: {
      ...fullZone,
      'example.com': {
        ...fullZone['example.com'],
        NS: ['ns1.example.net', 'ns2.example.net', 'ns3.example.net'],
      },
      'ns3.example.net': { A: ['198.100.12.53'] },
    },
    around: {
      ...fullAround,
      servers: {
        '198.100.10.53': fullZone,
        '198.100.11.53': 'refuses',
        '198.100.12.53': { resolves: fullZone },
      },
    },
  },
  clean: { zone: cleanZone },
  troubled: { zone: troubled },
  'nothing published': { zone: { 'example.com': {} } },
  'no such domain': { zone: { com: {} } },
  'mail to the address': { zone: apex({ MX: [] }) },
  'one address family': {
    zone: {
      ...apex({
        MX: ['1 six.example', '2 four.example'],
        TXT: ['v=spf1 a:six.example a:six.example a:six.example -all'],
      }),
      'six.example': { AAAA: ['2a00:1450::1'] },
      'four.example': { A: ['142.250.1.1'] },
    },
  },
  'mail to one address': { zone: apex({ MX: [], A: [], AAAA: ['2a00:1450::1'] }) },
  'inherited policy': { zone: changed({ 'news.example.com': {} }), domain: 'news.example.com' },
  'two policies': {
    zone: changed({ '_dmarc.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } }),
    domain: 'news.example.com',
  },
  'policy of the suffix': {
    zone: changed({
      '_dmarc.example.com': undefined,
      '_dmarc.com': { TXT: ['v=DMARC1; p=none; psd=y; rua=mailto:a@example.net'] },
    }),
  },
  'misplaced policy': {
    zone: { ...apex({ TXT: ['v=DMARC1; p=reject'] }), '_dmarc.example.com': { TXT: ['v=spf1 -all'] } },
  },
  'retired record type': { zone: apex({ TXT: [], SPF: ['v=spf1 -all'] }) },
  'redirect to neutral': {
    zone: { ...apex({ TXT: ['v=spf1 redirect=n.example'] }), 'n.example': { TXT: ['v=spf1 ?all'] } },
  },
  'never sends': {
    zone: {
      'example.com': {
        NS: ['ns1.example.net', 'ns2.example.net'],
        MX: ['0 .'],
        TXT: ['v=spf1 redirect=n.example'],
      },
      'n.example': { TXT: ['v=spf1 -all'] },
    },
  },
  'never sends, badly said': {
    zone: {
      'example.com': { MX: ['0 .'], TXT: ['v=spf1 redirect=n.example'] },
      'n.example': { TXT: ['v=spf1 ~all'] },
    },
  },
  'SPF wants care': {
    zone: {
      ...apex({
        TXT: [
          'v=spf1 a:h.gone.example include:servers.mcsv.net exp=why.example ip4:10.0.0.0/8 ~all',
          'spf2.0/pra -all',
        ],
        SPF: ['v=spf1 mx -all'],
      }),
      'servers.mcsv.net': { TXT: ['v=spf1 ip4:205.201.128.0/20 ?all'] },
      'why.example': { TXT: ['one', 'two'] },
      '*.example.com': { TXT: ['v=spf1 mx ~all'] },
      '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:a@example.com'] },
    },
  },
  'the provider under other names': { zone: apex({ TXT: ['v=spf1 ip4:142.250.0.0/15 -all'] }) },
  'the provider by an include': {
    zone: {
      ...apex({ TXT: ['v=spf1 include:n.example -all'] }),
      'n.example': { TXT: ['v=spf1 include:_spf.google.com -all'] },
    },
  },
  'no key beside -all': { zone: changed({ 'google._domainkey.example.com': undefined }) },
  'nine look-ups': {
    zone: {
      ...apex({ TXT: ['v=spf1 a a a a a a a include:n.example ~all'] }),
      'n.example': { TXT: ['v=spf1 mx:smtp.google.com ~all'] },
    },
  },
  'eleven look-ups': {
    zone: {
      ...apex({ TXT: ['v=spf1 a a a a a a a a include:n.example ~all'] }),
      'n.example': { TXT: ['v=spf1 mx include:_spf.google.com ~all'] },
    },
  },
  'revoked wildcard': {
    zone: changed({
      'google._domainkey.example.com': undefined,
      '*._domainkey.example.com': { TXT: ['v=DKIM1; p='] },
    }),
  },
  'wildcard alias': {
    zone: changed({ 'google._domainkey.example.com': undefined, '*.example.com': { CNAME: 'web.example' } }),
  },
  'reports go elsewhere': {
    zone: {
      ...changed({
        '_dmarc.example.com': {
          TXT: [
            'v=DMARC1; p=quarantine; sp=none; adkim=s; zz=1; fo=1; rua=mailto:a@one.example!10m,mailto:b@two.example,mailto:c@sub.example.com',
          ],
        },
      }),
      'one.example': { MX: ['0 .'] },
      'two.example': { MX: ['1 smtp.google.com'] },
      'two.example._report._dmarc.example.com': {},
      'sub.example.com': { MX: ['1 smtp.google.com'] },
      '_dmarc.sub.example.com': { TXT: ['v=DMARC1; p=none; psd=n'] },
    },
  },
  'policy of a domain that does not exist': {
    zone: changed({
      '_dmarc.example.com': {
        TXT: ['v=DMARC1; p=reject; sp=quarantine; np=none; rua=mailto:dmarc@example.com'],
      },
    }),
    domain: 'gone.example.com',
  },
  'policy weaker than the organisation': {
    zone: changed({
      'news.example.com': cleanZone['example.com'],
      '_dmarc.news.example.com': { TXT: ['v=DMARC1; p=none; sp=none; rua=mailto:dmarc@example.com'] },
    }),
    domain: 'news.example.com',
  },
  'an alias without a policy': {
    zone: changed({ '_dmarc.example.com': { CNAME: 'dmarc.gone.example' } }),
  },
  'a policy under a doubled name': {
    zone: changed({
      '_dmarc.example.com': undefined,
      '_dmarc.example.com.example.com': { TXT: ['v=DMARC1; p=reject'] },
    }),
  },
  'one key of Microsoft': {
    zone: {
      ...apex({ MX: ['0 example-com.mail.protection.outlook.com'] }),
      'google._domainkey.example.com': {},
      'selector1._domainkey.example.com': { CNAME: 'selector1.tenant.onmicrosoft.com' },
      'selector1.tenant.onmicrosoft.com': { TXT: [`${goodKey}; t=s`] },
    },
  },
  'keys alike, and one alone': {
    zone: {
      ...apex({
        MX: ['10 in1-smtp.messagingengine.com'],
        TXT: ['v=spf1 include:spf.messagingengine.com include:sendgrid.net -all'],
      }),
      'google._domainkey.example.com': {},
      'fm1._domainkey.example.com': { TXT: [ed25519Key] },
      'fm2._domainkey.example.com': { TXT: [ed25519Key] },
    },
  },
  'keys behind a proxy, in a circle and doubled': {
    zone: {
      ...apex({
        MX: ['10 in1-smtp.messagingengine.com'],
        TXT: ['v=spf1 include:spf.messagingengine.com include:sendgrid.net -all'],
      }),
      'google._domainkey.example.com': {},
      'fm1._domainkey.example.com': { A: ['104.16.0.1'] },
      'fm2._domainkey.example.com': { AAAA: ['2606:4700::1'] },
      's1._domainkey.example.com': { CNAME: 'one.example' },
      'one.example': { CNAME: 'one.example' },
      's2._domainkey.example.com.example.com': { TXT: [goodKey] },
      'fm3._domainkey.example.com.example.com': { TXT: [goodKey] },
    },
  },
  'a key under every name': {
    zone: changed({ '*._domainkey.example.com': { TXT: [`v=DKIM1; p=${fakeRsaKey(1032)}`] } }),
  },
  'no key found': {
    zone: changed({
      'google._domainkey.example.com': undefined,
      'x9._domainkey.example.com': { TXT: [goodKey] },
    }),
  },
}

/** What a finding is about: its subject, without the numbers that a missing answer may lower. */
function subject({ code, facts }: Finding): string {
  const parts = ['name', 'selector', 'host', 'address', 'term', 'target', 'record', 'tag', 'reason', 'zone']
  return [code, ...parts.map(part => String(facts[part] ?? ''))].join(' | ')
}

/** The zones of those findings that none of the worlds above has: together they hold every finding there is. */
async function otherWorlds(): Promise<[string, World][]> {
  const seen = new Set<FindingCode>()
  for (const { zone, domain = 'example.com', around = {} } of Object.values(worlds)) {
    const { report } = await auditOf(zone, domain, {}, around)
    for (const { code } of report.findings) seen.add(code)
  }
  return findingCodes.filter(code => !seen.has(code)).map(code => [code, cases[code]])
}

describe.each([...Object.entries(worlds), ...(await otherWorlds())])(
  '%s',
  (_, { zone, domain = 'example.com', around = {} }) => {
    it('no finding rests on a look-up that could not be made', async () => {
      const baseline = await auditOf(zone, domain, {}, around)
      const known = new Map(baseline.report.findings.map(entry => [subject(entry), entry.severity]))
      const { raw, rawHttps, rawSmtp } = baseline.report
      const expectNothingNew = (report: AuditReport, what: string) => {
        const appeared = report.findings.filter(entry => known.get(subject(entry)) !== entry.severity)
        expect(appeared, what).toEqual([])
      }
      expect(raw.length).toBeGreaterThan(5)
      for (const { name, type } of raw.filter(answer => answer.at === undefined)) {
        const unavailable = (call: ZoneCall) => (call.name === name && call.type === type ? 'timeout' : null)
        expectNothingNew((await auditOf(zone, domain, { unavailable }, around)).report, `${name} ${type}`)
      }
      const reached = [
        ...raw.flatMap(({ at, name, type }) => (at === undefined ? [] : [[at, name, type] as const])),
        ...rawHttps.map(({ url }) => [url, url, 'GET'] as const),
        ...rawSmtp.map(({ host }) => [host, host, 'SMTP'] as const),
      ]
      for (const one of reached) {
        const unreachable = (...asked: string[]) =>
          asked.every((part, i) => part === one[i]) ? 'timeout' : null
        const { report } = await auditOf(zone, domain, {}, { ...around, unreachable })
        expectNothingNew(report, one.join(' '))
      }
    })

    it('nothing is found, and everything is open, when no look-up can be made', async () => {
      const all = { unavailable: () => 'servfail' as const }
      const { report } = await auditOf(zone, domain, all, { ...around, unreachable: () => 'servfail' })
      expect(report.findings).toEqual([])
      for (const check of ['ns', 'mx', 'spf', 'dmarc', 'dkim'] as const) {
        expect(report[check]).toMatchObject({ state: 'unavailable', verdict: 'unavailable' })
      }
      expect(report.score).toEqual({ state: 'unknown', missing: ['spf', 'dmarc', 'mx'] })
      for (const row of report.rows) expect(row).toMatchObject({ state: 'unavailable', reason: 'servfail' })
      for (const made of Object.values(report.checks)) {
        expect(made).toEqual({ state: 'unavailable', verdict: 'unavailable' })
      }
    })
  },
)

describe('one look-up that cannot be made', () => {
  it.each([
    ['example.com', 'TXT', 'spf'],
    ['_spf.google.com', 'TXT', 'spf'],
    ['_dmarc.example.com', 'TXT', 'dmarc'],
    ['example.com', 'MX', 'mx'],
  ] as const)('%s %s leaves %s open, and the score with it', async (name, type, check) => {
    const { report } = await auditOf(cleanZone, 'example.com', {
      unavailable: call => (call.name === name && call.type === type ? 'timeout' : null),
    })
    expect(report[check].verdict).toBe('unavailable')
    expect(report.score).toEqual({ state: 'unknown', missing: [check] })
  })

  it('what was found for sure stands beside it', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `a:n${index}.example`).join(' ')
    const { report } = await auditOf(apex({ TXT: [`v=spf1 ${many} -all`] }), 'example.com', {
      unavailable: call => (call.name.endsWith('.example') ? 'timeout' : null),
    })
    expect(report.spf).toMatchObject({ lookups: 12, voidLookups: 0, verdict: 'fail' })
    expect(report.findings.map(entry => entry.code)).toEqual(['spf.too-many-lookups'])
  })

  it('one address family of a mail server is enough', async () => {
    const { report } = await auditOf(cleanZone, 'example.com', {
      unavailable: call => (call.type === 'AAAA' ? 'timeout' : null),
    })
    expect(report.mx).toMatchObject({
      verdict: 'pass',
      hosts: [{ state: 'found', addresses: ['142.250.1.26'] }],
    })
  })
})
