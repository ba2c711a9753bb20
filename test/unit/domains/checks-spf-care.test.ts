import { describe, expect, it } from 'vitest'
import type { FindingCode } from '#shared/model/finding.ts'
import { apex, auditOf, changed, cleanZone, goodKey } from '../../helpers/audit-zone.ts'
import type { ZoneRecords, ZoneText } from '../../helpers/zone.ts'

const google = 'include:_spf.google.com'
const spf = (...TXT: (string | string[])[]) => apex({ TXT })
const beside = (record: string, others: Readonly<Record<string, ZoneRecords>>): ZoneText => ({
  ...spf(record),
  ...others,
})
const noKeys = { 'google._domainkey.example.com': undefined }
const policy = (text: string) => ({ '_dmarc.example.com': { TXT: [text] } })

async function told(zone: ZoneText, code: FindingCode) {
  const { report } = await auditOf(zone)
  return report.findings.filter(entry => entry.code === code)
}

/** What comes close to a finding and is none. Each stands beside a case that is told in checks-findings.test.ts. */
const silent: readonly [FindingCode, string, ZoneText][] = [
  [
    'spf.string-too-long',
    'a string of 255 octets',
    spf([`v=spf1 ${google} ${'ip4:142.250.1.1 '.repeat(20)}`.slice(0, 255), ' -all']),
  ],
  [
    'spf.record-long',
    'a record of 450 octets',
    spf([`v=spf1 ${google} `, 'ip4:142.250.100.100 '.repeat(20).slice(0, 414), ' -all']),
  ],
  [
    'spf.answer-large',
    'some long verifications',
    spf(`v=spf1 ${google} -all`, 'x'.repeat(250), 'y'.repeat(250), 'z'.repeat(250)),
  ],
  [
    'spf.duplicate-terms',
    'the same name in two mechanisms',
    beside(`v=spf1 ${google} a:h.example mx:h.example -all`, {
      'h.example': { A: ['198.100.10.1'], MX: ['1 h.example'] },
    }),
  ],
  ['spf.duplicate-terms', 'a term that is repeated behind all', spf(`v=spf1 ${google} -all ${google}`)],
  [
    'spf.duplicate-terms',
    'two includes of others that share one',
    beside(`v=spf1 ${google} include:a.example include:b.example -all`, {
      'a.example': { TXT: ['v=spf1 include:c.example -all'] },
      'b.example': { TXT: ['v=spf1 include:c.example -all'] },
      'c.example': { TXT: ['v=spf1 ip4:198.100.10.1 -all'] },
    }),
  ],
  [
    'spf.overlapping-ranges',
    'neighbours',
    spf(`v=spf1 ${google} ip4:198.100.10.0/25 ip4:198.100.10.128/25 -all`),
  ],
  [
    'spf.overlapping-ranges',
    'an exception',
    spf(`v=spf1 ${google} -ip4:198.100.10.7 ip4:198.100.10.0/24 -all`),
  ],
  ['spf.overlapping-ranges', 'IPv4 beside IPv6', spf(`v=spf1 ${google} ip6:2a00::/32 ip4:42.0.1.1 -all`)],
  ['spf.broad-range', 'a /16', spf(`v=spf1 ${google} ip4:198.100.0.0/16 -all`)],
  ['spf.broad-range', 'an IPv6 /32', spf(`v=spf1 ${google} ip6:2a00:1450::/32 -all`)],
  ['spf.broad-range', 'a refused range', spf(`v=spf1 -ip4:198.0.0.0/8 ${google} -all`)],
  ['spf.broad-range', 'everyone, which is told as that', spf(`v=spf1 ${google} ip4:0.0.0.0/0 -all`)],
  ['spf.private-range', 'a range around a private one', spf(`v=spf1 ${google} ip4:192.160.0.0/11 -all`)],
  ['spf.private-range', 'a refused one', spf(`v=spf1 -ip4:10.0.0.0/8 ${google} -all`)],
  [
    'spf.explanation-unusable',
    'a text with macros',
    beside(`v=spf1 ${google} exp=why.example -all`, {
      'why.example': { TXT: ['%{i} may not send for %{d}, %{c} %{t}'] },
    }),
  ],
  [
    'spf.explanation-unusable',
    'a name that only a message knows',
    spf(`v=spf1 ${google} exp=%{l}.why.example -all`),
  ],
  ['spf.retired-type', 'another thing at the retired type', apex({ SPF: ['not a record'] })],
  ['spf.sender-id', 'a note about it', spf(`v=spf1 ${google} -all`, 'we gave up spf2.0/pra')],
  [
    'spf.lapsed-target',
    'a host that is gone below a domain that is there',
    beside(`v=spf1 ${google} a:gone.there.example -all`, { 'there.example': { NS: ['ns1.there.example'] } }),
  ],
  ['spf.lapsed-target', 'a name of the domain itself', spf(`v=spf1 ${google} a:gone.example.com -all`)],
  [
    'spf.lapsed-target',
    'a name without the record',
    beside(`v=spf1 ${google} a:there.example -all`, { 'there.example': { TXT: ['x'] } }),
  ],
  [
    'spf.wildcard',
    'a wildcard that refuses everyone',
    changed({ '*.example.com': { TXT: ['v=spf1 -all'] } }),
  ],
  [
    'spf.wildcard',
    'a wildcard of something else',
    changed({ '*.example.com': { TXT: ['verification=1'], A: ['198.100.10.1'] } }),
  ],
  ['spf.ending', '~all with a policy that acts on it', spf(`v=spf1 ${google} ~all`)],
  ['spf.ending', '-all with a key', cleanZone],
  [
    'spf.inert-include',
    'where bounces go there',
    beside(`v=spf1 include:amazonses.com -all`, {
      'example.com': {
        NS: ['ns1.example.net', 'ns2.example.net'],
        MX: ['10 feedback-smtp.eu-west-1.amazonses.com'],
        TXT: ['v=spf1 include:amazonses.com -all'],
      },
      'feedback-smtp.eu-west-1.amazonses.com': { A: ['198.100.10.9'] },
      'amazonses.com': { TXT: ['v=spf1 ip4:199.255.192.0/22 -all'] },
    }),
  ],
  [
    'spf.provider-missing',
    'the include further down',
    beside('v=spf1 include:all.example -all', { 'all.example': { TXT: [`v=spf1 ${google} -all`] } }),
  ],
  ['spf.provider-missing', 'a redirect to it', spf('v=spf1 redirect=_spf.google.com')],
  ['spf.provider-missing', 'its addresses in place of its name', spf('v=spf1 ip4:142.250.0.0/15 -all')],
  [
    'spf.provider-missing',
    'a record that depends on the message',
    spf('v=spf1 include:%{i}._spf.hosted.example -all'),
  ],
  ['spf.provider-missing', 'a record that lets everyone pass', spf('v=spf1 +all')],
  [
    'spf.provider-missing',
    'mail that is only passed on',
    apex({ MX: ['10 mx1.improvmx.com'], TXT: ['v=spf1 ip4:198.100.10.1 -all'] }),
  ],
  [
    'spf.provider-missing',
    'an unknown provider',
    apex({ MX: ['10 mx.elsewhere.example'], TXT: ['v=spf1 ip4:198.100.10.1 -all'] }),
  ],
  [
    'spf.non-sending-open',
    'a domain that takes no mail and sends',
    apex({ MX: ['0 .'], TXT: ['v=spf1 ip4:198.100.10.1 ~all'] }),
  ],
  ['spf.non-sending-open', 'one that refuses everyone', apex({ MX: ['0 .'], TXT: ['v=spf1 -all'] })],
  ['spf.non-sending-open', 'one that takes mail', spf('v=spf1 ~all')],
]

describe('none of it is told where all is well', () => {
  it.each(silent)('%s: %s', async (code, _, zone) => {
    expect(await told(zone, code)).toEqual([])
  })
})

describe('pasted by hand', () => {
  it.each([
    ['quotes inside', `v=spf1 "${google}" -all`, 'quotes', `v=spf1 ${google} -all`],
    ['a quote at the end', `v=spf1 ${google} -all"`, 'quotes', `v=spf1 ${google} -all`],
    ['backslashes', `v=spf1 ${google}\\ -all`, 'quotes', `v=spf1 ${google} -all`],
    ['smart quotes', `v=spf1 \u201c${google}\u201d -all`, 'quotes', `v=spf1 ${google} -all`],
    ['include=', 'v=spf1 include=_spf.google.com -all', 'mechanism-as-modifier', `v=spf1 ${google} -all`],
    [
      'redirect:',
      'v=spf1 redirect:_spf.google.com',
      'modifier-as-mechanism',
      'v=spf1 redirect=_spf.google.com',
    ],
    [
      'ip4 with an IPv6 address',
      `v=spf1 ${google} ip4:2a00:1450::/32 -all`,
      'address-family',
      `v=spf1 ${google} ip6:2a00:1450::/32 -all`,
    ],
    ['a semicolon', `v=spf1 ${google}; -all`, 'domain-invalid', `v=spf1 ${google} -all`],
    ['what can mean anything', `v=spf1 ${google} gmail -all`, 'unknown-mechanism', ''],
  ])('%s: the record as it was meant', async (_, record, reason, mended) => {
    const [finding] = await told(spf(record), 'spf.syntax')
    expect(finding?.facts).toMatchObject({ record, reason, expected: mended })
  })

  it.each([
    ['%{c} in a name', 'exists:%{c}.x.example', 'macro-only-in-exp'],
    ['an unknown letter', 'exists:%{q}.x.example', 'macro-invalid'],
    ['no braces', 'exists:%i.x.example', 'macro-invalid'],
    ['no last part', 'exists:%{i0}.x.example', 'macro-invalid'],
  ])('a macro that cannot be read: %s', async (_, term, reason) => {
    const [finding] = await told(spf(`v=spf1 ${google} ${term} -all`), 'spf.syntax')
    expect(finding?.facts).toMatchObject({ term, reason })
  })

  it('the space that was lost at a seam, put back', async () => {
    const [finding] = await told(spf(['v=spf1 ip4:142.250.0.1', `${google} ~all`]), 'spf.string-seam')
    expect(finding?.facts.expected).toBe(`v=spf1 ip4:142.250.0.1 ${google} ~all`)
  })

  it.each([
    ['-all', ['v=spf1 ip4:142.250.0.1', '-all'], true],
    ['a mechanism alone, where no provider cuts', [`v=spf1 ${google}`, 'mx -all'], true],
    [
      'the rest of a name at 255 octets',
      [`v=spf1 ${google} ${'ip4:142.250.1.1 '.repeat(13)}include:`.padEnd(254, 'x').concat('.'), 'a -all'],
      false,
    ],
    [
      'letters that may end a name, at 255 octets',
      [`v=spf1 ${google} include:${'x'.repeat(216)}`, 'all -all'],
      false,
    ],
    ['a space before', [`v=spf1 ${google} `, 'mx -all'], false],
    ['a space after', [`v=spf1 ${google}`, ' mx -all'], false],
  ])('a seam before %s', async (_, strings, isTold) => {
    expect((await told(spf(strings), 'spf.string-seam')).length > 0).toBe(isTold)
  })
})

const recordOf = (length: number) => [
  `v=spf1 ${google} `,
  'ip4:142.250.100.100 '.repeat(40).slice(0, length - 36),
  ' -all',
]

describe('sizes', () => {
  it('a long record is a small matter while it fits 512 octets', async () => {
    expect((await told(spf(recordOf(470)), 'spf.record-long'))[0]?.severity).toBe('low')
    expect((await told(spf(recordOf(620)), 'spf.record-long'))[0]?.severity).toBe('medium')
  })
})

const parked = (records: ZoneRecords = {}): ZoneText => ({
  'example.com': {
    NS: ['ns1.example.net', 'ns2.example.net'],
    MX: ['0 .'],
    TXT: ['v=spf1 -all'],
    ...records,
  },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@reports.example.com'] },
  'reports.example.com': { MX: ['1 mx.example.net'] },
})

describe('a domain that never sends', () => {
  it('needs no DKIM key: said as a note, and costs nothing', async () => {
    const { report } = await auditOf(parked(), 'example.com', {}, { more: [] })
    expect(report.findings.map(entry => [entry.code, entry.severity])).toEqual([
      ['mx.null', 'medium'],
      ['dkim.none-possible', 'info'],
    ])
    expect(report.dkim).toMatchObject({ state: 'absent', verdict: 'pass' })
    expect(report.score).toMatchObject({ state: 'known', lost: [{ code: 'mx.null' }] })
  })

  it('also when a key of old times was withdrawn', async () => {
    const { report } = await auditOf({ ...parked(), 's1._domainkey.example.com': { TXT: ['v=DKIM1; p='] } })
    expect(report.findings.find(entry => entry.code === 'dkim.none-found')?.severity).toBe('info')
  })

  it.each([
    ['its record lets someone send', { TXT: ['v=spf1 ip4:198.100.10.1 -all'] }],
    ['its record ends softly', { TXT: ['v=spf1 ~all'] }],
    ['it takes mail', { MX: ['1 smtp.google.com'] }],
    ['it has no record', { TXT: [] }],
  ])('does need one when %s', async (_, records) => {
    const { report } = await auditOf(parked(records))
    expect(report.findings.find(entry => entry.code === 'dkim.none-possible')?.severity).toBe('high')
    expect(report.dkim.verdict).toBe('fail')
  })

  it('what it redirects to counts', async () => {
    const closed = {
      ...parked({ TXT: ['v=spf1 redirect=none.example'] }),
      'none.example': { TXT: ['v=spf1 -all'] },
    }
    expect((await auditOf(closed)).report.dkim.verdict).toBe('pass')
    const open = { ...closed, 'none.example': { TXT: ['v=spf1 mx -all'] } }
    expect((await auditOf(open)).report.dkim.verdict).toBe('fail')
  })

  it.each([
    ['MX', 'MX'],
    ['SPF', 'TXT'],
  ] as const)('nothing is said of keys while %s cannot be looked up', async (_, type) => {
    const { report } = await auditOf(parked(), 'example.com', {
      unavailable: call => (call.name === 'example.com' && call.type === type ? 'timeout' : null),
    })
    expect(report.findings.filter(entry => entry.check === 'dkim')).toEqual([])
    expect(report.dkim.verdict).toBe('unavailable')
  })

  it('should publish that it never sends', async () => {
    const { report } = await auditOf(parked({ TXT: [] }))
    expect(report.rows.find(row => row.id === 'spf')?.expected).toBe('v=spf1 -all')
  })
})

function providerSilent({ name }: { readonly name: string }): 'timeout' | null {
  return name === '_spf.google.com' ? 'timeout' : null
}

describe('SPF beside the others', () => {
  it('~all is told while no DMARC policy acts on it', async () => {
    for (const text of ['v=DMARC1; p=none; rua=mailto:a@example.com', 'nothing']) {
      const [finding] = await told({ ...spf(`v=spf1 ${google} ~all`), ...policy(text) }, 'spf.ending')
      expect(finding).toMatchObject({ severity: 'info', facts: { reason: 'soft-without-dmarc' } })
    }
  })

  it('nothing is told of DKIM that could not be looked up', async () => {
    const { report } = await auditOf(changed(noKeys), 'example.com', {
      unavailable: call => (call.name.includes('_domainkey') ? 'timeout' : null),
    })
    expect(report.findings).toEqual([])
  })

  it("a provider's own record that cannot be read accuses nobody", async () => {
    const zone = spf('v=spf1 ip4:198.100.10.1 -all')
    const { report } = await auditOf(zone, 'example.com', { unavailable: providerSilent }, { more: [] })
    expect(report.findings.map(entry => entry.code)).toEqual([])
  })

  it('the verdict and the row of SPF know of it', async () => {
    const { report } = await auditOf(spf('v=spf1 ip4:198.100.10.1 -all'))
    expect(report.spf.verdict).toBe('fail')
    expect(report.rows.find(row => row.id === 'spf')).toMatchObject({
      verdict: 'fail',
      codes: ['spf.provider-missing'],
      expected: `v=spf1 ip4:198.100.10.1 ${google} -all`,
    })
  })

  it('an include that a withdrawn name leads to is told with what it costs the owner', async () => {
    const [finding] = await told(
      beside(`v=spf1 ${google} include:old.example -all`, { 'old.example': { CNAME: 'spf.lapsed.example' } }),
      'spf.lapsed-target',
    )
    expect(finding?.facts).toEqual({
      name: 'example.com',
      term: 'include:old.example',
      registrable: 'lapsed.example',
    })
  })
})

it('a key beside -all is enough', async () => {
  expect(await told(changed({ 'google._domainkey.example.com': { TXT: [goodKey] } }), 'spf.ending')).toEqual(
    [],
  )
})
