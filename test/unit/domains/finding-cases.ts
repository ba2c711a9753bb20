import type { FindingCode } from '#shared/model/finding.ts'
import { apex, changed, cleanZone, goodKey } from '../../helpers/audit-zone.ts'
import { fakeRsaKey } from '../../helpers/dkim-keys.ts'
import { enoughEvidence } from '../../helpers/dmarc-reports.ts'
import type { ZoneRecords, ZoneText } from '../../helpers/zone.ts'
import { type Case, moreCases } from './more-cases.ts'

const spf = (...TXT: (string | string[])[]) => apex({ TXT })
const dmarc = (...TXT: string[]) => changed({ '_dmarc.example.com': { TXT } })
const key = (record: string | ZoneRecords) =>
  changed({ 'google._domainkey.example.com': typeof record === 'string' ? { TXT: [record] } : record })
const noKeys = { 'google._domainkey.example.com': undefined }

const includes = (count: number): ZoneText => ({
  ...spf(`v=spf1 ${Array.from({ length: count }, (_, index) => `include:n${index}.example`).join(' ')} -all`),
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `n${index}.example`,
      { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
    ]),
  ),
})

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `ip4:198.100.11.${index}`)

const ed25519Key = `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 7).toString('base64')}`

/** Mail at Microsoft 365, with these keys. */
function microsoft(keys: Record<string, ZoneRecords>): ZoneText {
  return {
    ...apex({ MX: ['0 example-com.mail.protection.outlook.com'] }),
    ...Object.fromEntries(
      Object.entries(keys).map(([selector, records]) => [`${selector}._domainkey.example.com`, records]),
    ),
    'example-com.mail.protection.outlook.com': { A: ['52.101.1.1'] },
    'google._domainkey.example.com': {},
  }
}

/** A zone in which each finding stands, with the evidence it must name. */
export const cases: Record<FindingCode, Case> = {
  ...moreCases,
  // The name exists all the same; a domain that does not is tested with the nameservers.
  'ns.missing': { zone: apex({ NS: [] }), facts: { domain: 'example.com' }, severity: 'info' },
  'ns.single': {
    zone: apex({ NS: ['ns1.example.net'] }),
    facts: { zone: 'example.com', host: 'ns1.example.net' },
  },
  'mx.missing': { zone: apex({ MX: [], A: [] }), facts: { domain: 'example.com' } },
  'mx.implicit': { zone: apex({ MX: [] }), facts: { addresses: ['198.100.10.1'] } },
  'mx.null': { zone: apex({ MX: ['0 .'] }), facts: { domain: 'example.com' } },
  'mx.null-with-others': {
    zone: apex({ MX: ['0 .', '1 smtp.google.com'] }),
    facts: { others: ['smtp.google.com'] },
  },
  'mx.target-is-address': {
    zone: apex({ MX: ['5 192.0.2.1'] }),
    facts: { host: '192.0.2.1', preference: 5 },
  },
  'mx.target-missing': { zone: apex({ MX: ['5 gone.example'] }), facts: { host: 'gone.example' } },
  'mx.target-is-alias': {
    zone: { ...apex({ MX: ['5 mx.example'] }), 'mx.example': { CNAME: 'smtp.google.com' } },
    facts: { host: 'mx.example', canonical: 'smtp.google.com' },
  },
  'mx.target-private': {
    zone: {
      ...apex({ MX: ['5 mx.example'] }),
      'mx.example': { A: ['142.250.1.1', '10.0.0.5'], AAAA: ['fd00::1'] },
    },
    facts: { host: 'mx.example', addresses: ['10.0.0.5', 'fd00::1'] },
  },
  'spf.missing': { zone: spf('unrelated'), facts: { domain: 'example.com' } },
  'spf.multiple': {
    zone: spf('v=spf1 -all', 'v=spf1 mx -all'),
    facts: { name: 'example.com', count: 2, records: ['v=spf1 -all', 'v=spf1 mx -all'] },
  },
  'spf.almost': { zone: spf('v=spf1; mx -all'), facts: { record: 'v=spf1; mx -all', reason: 'separator' } },
  'spf.syntax': {
    zone: spf('v=spf1 ip4:192.0.2.256 -all'),
    facts: { name: 'example.com', term: 'ip4:192.0.2.256', reason: 'address-invalid', position: 11 },
  },
  'spf.too-many-lookups': { zone: includes(11), facts: { lookups: 11, limit: 10 } },
  'spf.many-lookups': { zone: includes(9), facts: { lookups: 9, limit: 10 } },
  'spf.too-many-void-lookups': {
    zone: spf('v=spf1 a:x.example mx:y.example exists:z.example -all'),
    facts: { voidLookups: 3, limit: 2, targets: ['x.example', 'y.example', 'z.example'] },
  },
  'spf.too-many-mx-hosts': {
    zone: {
      ...spf('v=spf1 mx:big.example -all'),
      'big.example': { MX: Array.from({ length: 11 }, (_, i) => `${i} m${i}.example`) },
    },
    facts: { term: 'mx:big.example', hosts: 11, limit: 10 },
  },
  'spf.pass-all': { zone: spf('v=spf1 mx +all'), facts: { term: '+all', via: ['example.com'] } },
  'spf.neutral-all': { zone: spf('v=spf1 mx ?all'), facts: { term: '?all' } },
  'spf.no-all': { zone: spf('v=spf1 mx'), facts: { via: ['example.com'] } },
  'spf.ptr': { zone: spf('v=spf1 ptr -all'), facts: { term: 'ptr' } },
  'spf.terms-after-all': { zone: spf('v=spf1 -all mx a'), facts: { terms: ['mx', 'a'], all: '-all' } },
  'spf.redirect-ignored': {
    zone: spf('v=spf1 redirect=_spf.google.com -all'),
    facts: { term: 'redirect=_spf.google.com', all: '-all' },
  },
  'spf.include-without-record': {
    zone: spf('v=spf1 include:gone.example -all'),
    facts: { name: 'example.com', term: 'include:gone.example', target: 'gone.example', reason: 'nxdomain' },
  },
  'spf.loop': {
    zone: {
      ...spf('v=spf1 include:l.example -all'),
      'l.example': { TXT: ['v=spf1 include:example.com -all'] },
    },
    facts: { target: 'example.com', path: ['example.com', 'l.example', 'example.com'] },
  },
  'spf.string-seam': {
    zone: spf(['v=spf1 ip4:142.250.0.1', 'include:_spf.google.com -all']),
    facts: { left: 'ip4:142.250.0.1', right: 'include:_spf.google.com', position: 22 },
  },
  'spf.string-too-long': {
    zone: spf(`v=spf1 ${'ip4:142.250.1.1 '.repeat(20)}include:_spf.google.com -all`),
    facts: { name: 'example.com', limit: 255 },
  },
  'spf.record-long': {
    zone: spf(['v=spf1 ', ...addresses(40).map(term => `${term} `), 'include:_spf.google.com -all']),
    facts: { name: 'example.com', limit: 450 },
  },
  'spf.answer-large': {
    zone: spf(
      'v=spf1 include:_spf.google.com -all',
      ...Array.from({ length: 8 }, (_, index) => `service-${index}-verification=${'x'.repeat(150)}`),
    ),
    facts: { name: 'example.com', limit: 1232, count: 9 },
  },
  'spf.duplicate-terms': {
    zone: spf('v=spf1 include:_spf.google.com ip4:198.100.10.1 +ip4:198.100.10.1 -all'),
    facts: { terms: ['+ip4:198.100.10.1'] },
  },
  'spf.overlapping-ranges': {
    zone: spf('v=spf1 include:_spf.google.com ip4:198.100.10.0/24 ip4:198.100.10.1 -all'),
    facts: { terms: ['ip4:198.100.10.1'], inside: ['ip4:198.100.10.0/24'] },
  },
  'spf.broad-range': {
    zone: spf('v=spf1 include:_spf.google.com ip4:198.0.0.0/8 -all'),
    facts: { term: 'ip4:198.0.0.0/8', prefix: 8, limit: 16 },
  },
  'spf.private-range': {
    zone: spf('v=spf1 include:_spf.google.com ip4:192.168.0.0/16 ip6:fd00::/8 -all'),
    facts: { terms: ['ip4:192.168.0.0/16', 'ip6:fd00::/8'] },
  },
  'spf.explanation-unusable': {
    zone: spf('v=spf1 include:_spf.google.com exp=why.example -all'),
    facts: { term: 'exp=why.example', target: 'why.example', reason: 'nxdomain' },
  },
  'spf.retired-type': {
    zone: apex({ SPF: ['v=spf1 mx -all'] }),
    facts: { name: 'example.com', records: ['v=spf1 mx -all'], differs: true },
  },
  'spf.sender-id': {
    zone: spf('v=spf1 include:_spf.google.com -all', 'spf2.0/pra include:_spf.google.com -all'),
    facts: { records: ['spf2.0/pra include:_spf.google.com -all'] },
  },
  'spf.lapsed-target': {
    zone: spf('v=spf1 include:_spf.google.com a:mail.gone.example -all'),
    facts: { name: 'example.com', term: 'a:mail.gone.example', registrable: 'gone.example' },
  },
  'spf.wildcard': {
    zone: changed({ '*.example.com': { TXT: ['v=spf1 include:_spf.google.com ~all'] } }),
    facts: { name: '*.example.com', record: 'v=spf1 include:_spf.google.com ~all' },
  },
  'spf.ending': { zone: changed(noKeys), facts: { all: '-all', reason: 'hard-without-dkim' } },
  'spf.inert-include': {
    zone: {
      ...spf('v=spf1 include:_spf.google.com include:servers.mcsv.net -all'),
      'servers.mcsv.net': { TXT: ['v=spf1 ip4:205.201.128.0/20 ?all'] },
    },
    facts: { term: 'include:servers.mcsv.net', service: 'Mailchimp', costs: 1 },
  },
  'spf.provider-missing': {
    zone: spf('v=spf1 ip4:198.100.10.1 -all'),
    facts: {
      provider: 'Google Workspace',
      include: 'include:_spf.google.com',
      expected: 'v=spf1 ip4:198.100.10.1 include:_spf.google.com -all',
    },
  },
  'spf.non-sending-open': {
    zone: apex({ MX: ['0 .'], TXT: ['v=spf1 ~all'] }),
    facts: { record: 'v=spf1 ~all', all: '~all', expected: 'v=spf1 -all' },
  },
  'dmarc.missing': {
    zone: changed({ '_dmarc.example.com': undefined }),
    facts: { domain: 'example.com', asked: ['_dmarc.example.com', '_dmarc.com'] },
  },
  'dmarc.multiple': {
    zone: dmarc('v=DMARC1; p=none', 'v=DMARC1; p=reject'),
    facts: { name: '_dmarc.example.com', count: 2 },
  },
  'dmarc.almost': {
    zone: dmarc('v=dmarc1; p=reject'),
    facts: { record: 'v=dmarc1; p=reject', reason: 'version' },
  },
  'dmarc.syntax': {
    zone: dmarc('v=DMARC1; p=reject; adkim=yes; rua=mailto:a@example.com'),
    facts: {
      tag: 'adkim',
      term: 'yes',
      reason: 'unknown-value',
      position: 26,
      expected: 'v=DMARC1; p=reject; rua=mailto:a@example.com',
    },
    severity: 'medium',
  },
  'dmarc.policy-missing': { zone: dmarc('v=DMARC1; rua=mailto:a@example.com'), facts: { applied: 'none' } },
  'dmarc.can-enforce': {
    zone: dmarc('v=DMARC1; p=none; rua=mailto:a@example.com'),
    around: {
      dmarcEvidence: enoughEvidence,
    },
    facts: {
      policy: 'none',
      next: 'quarantine-testing',
      messages: 400,
      expected: 'v=DMARC1; p=quarantine; t=y; rua=mailto:a@example.com',
    },
  },
  'dmarc.policy-none': { zone: dmarc('v=DMARC1; p=none; rua=mailto:a@example.com'), facts: { tag: 'p' } },
  'dmarc.subdomain-policy-weaker': {
    zone: dmarc('v=DMARC1; p=reject; np=none; rua=mailto:a@example.com'),
    facts: { tag: 'np', policy: 'reject', subdomainPolicy: 'none' },
  },
  'dmarc.testing': {
    zone: dmarc('v=DMARC1; p=reject; t=y; rua=mailto:a@example.com'),
    facts: { policy: 'reject', applied: 'quarantine' },
  },
  'dmarc.removed-tag': {
    zone: dmarc('v=DMARC1; p=reject; pct=50; ri=3600; rua=mailto:a@example.com'),
    facts: { tags: ['pct', 'ri'] },
  },
  'dmarc.no-reports': { zone: dmarc('v=DMARC1; p=reject'), facts: { name: '_dmarc.example.com' } },
  'dmarc.report-address-invalid': {
    zone: dmarc('v=DMARC1; p=reject; rua=a@example.com'),
    facts: { tag: 'rua', address: 'a@example.com', reason: 'scheme-missing' },
  },
  'dmarc.wrong-location': {
    zone: {
      ...apex({ TXT: ['v=spf1 include:_spf.google.com -all', 'v=DMARC1; p=reject'] }),
      '_dmarc.example.com': {},
    },
    facts: { name: 'example.com', shouldBe: '_dmarc.example.com', holds: 'dmarc' },
  },
  'dmarc.psd': { zone: dmarc('v=DMARC1; p=reject; psd=y; rua=mailto:a@example.com') },
  'dmarc.np-advised': {
    zone: dmarc('v=DMARC1; p=quarantine; rua=mailto:a@example.com'),
    facts: { name: '_dmarc.example.com', applied: 'quarantine' },
  },
  'dmarc.strict-alignment': {
    zone: dmarc('v=DMARC1; p=reject; adkim=s; rua=mailto:a@example.com'),
    facts: { tags: ['adkim'] },
  },
  'dmarc.unknown-tag': {
    zone: dmarc('v=DMARC1; p=reject; policy=x; rua=mailto:a@example.com'),
    facts: { tags: ['policy'] },
  },
  'dmarc.alias-dangling': {
    zone: changed({ '_dmarc.example.com': { CNAME: 'example.com.dmarc.gone.example' } }),
    facts: {
      name: '_dmarc.example.com',
      target: 'example.com.dmarc.gone.example',
      reason: 'nxdomain',
      path: ['_dmarc.example.com', 'example.com.dmarc.gone.example'],
    },
  },
  'dmarc.weaker-than-organisation': {
    zone: changed({
      'news.example.com': cleanZone['example.com'],
      '_dmarc.news.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:a@example.com'] },
    }),
    domain: 'news.example.com',
    facts: { policy: 'none', organisation: '_dmarc.example.com', organisationPolicy: 'reject' },
  },
  'dmarc.many-report-addresses': {
    zone: dmarc('v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com'),
    facts: { tag: 'rua', count: 3 },
  },
  'dmarc.report-size-limit': {
    zone: dmarc('v=DMARC1; p=reject; rua=mailto:a@example.com!10m'),
    facts: { address: 'mailto:a@example.com!10m', size: '10m', expected: 'mailto:a@example.com' },
  },
  'dmarc.reports-not-permitted': {
    zone: {
      ...dmarc('v=DMARC1; p=reject; rua=mailto:a@reports.example'),
      'reports.example': { MX: ['1 smtp.google.com'] },
    },
    facts: {
      address: 'a@reports.example',
      host: 'reports.example',
      asked: 'example.com._report._dmarc.reports.example',
      expected: 'v=DMARC1',
    },
  },
  'dmarc.report-host-no-mail': {
    zone: {
      ...dmarc('v=DMARC1; p=reject; rua=mailto:a@reports.example'),
      'reports.example': { MX: ['0 .'] },
      '*._report._dmarc.reports.example': { TXT: ['v=DMARC1'] },
    },
    facts: { host: 'reports.example', reason: 'null-mx' },
  },
  'dmarc.failure-options': {
    zone: dmarc('v=DMARC1; p=reject; fo=1; rua=mailto:a@example.com'),
    facts: { options: '1', reason: 'without-ruf' },
  },
  'dkim.none-possible': { zone: changed(noKeys), facts: { name: '_domainkey.example.com' } },
  'dkim.none-found': {
    zone: changed({ ...noKeys, 'unguessable._domainkey.example.com': { TXT: [goodKey] } }),
    facts: { revoked: [] },
  },
  'dkim.revoked': { zone: key('v=DKIM1; p='), facts: { selector: 'google' } },
  'dkim.key-invalid': { zone: key('v=DKIM1; p=AAAA'), facts: { selector: 'google', reason: 'key-not-rsa' } },
  'dkim.key-too-short': { zone: key(`p=${fakeRsaKey(768)}`), facts: { keyBits: 768 } },
  'dkim.key-short': { zone: key(`p=${fakeRsaKey(1024)}`), facts: { keyBits: 1024 } },
  'dkim.key-very-long': { zone: key(`p=${fakeRsaKey(4104)}`), facts: { keyBits: 4104 } },
  'dkim.testing': { zone: key(`t=y; ${goodKey.slice(9)}`), facts: { selector: 'google' } },
  'dkim.sha1-only': { zone: key(`${goodKey}; h=sha1`), facts: { hashes: ['sha1'] } },
  'dkim.not-for-email': { zone: key(`${goodKey}; s=other`), facts: { services: ['other'] } },
  'dkim.version-invalid': { zone: key(goodKey.replace('DKIM1', 'DKIM2')), facts: { version: 'DKIM2' } },
  'dkim.multiple-records': {
    zone: key({ TXT: [goodKey, `p=${fakeRsaKey(1024)}`] }),
    facts: { selector: 'google', count: 2 },
  },
  'dkim.alias-dangling': {
    zone: key({ CNAME: 'gone.keys.example' }),
    facts: { selector: 'google', target: 'gone.keys.example', reason: 'nxdomain' },
  },
  'dkim.alias-loop': {
    zone: {
      ...key({ CNAME: 'one.keys.example' }),
      'one.keys.example': { CNAME: 'two.keys.example' },
      'two.keys.example': { CNAME: 'one.keys.example' },
    },
    facts: {
      selector: 'google',
      path: ['google._domainkey.example.com', 'one.keys.example', 'two.keys.example', 'one.keys.example'],
    },
  },
  'dkim.ed25519-alone': { zone: key(ed25519Key), facts: { selector: 'google' } },
  'dkim.strict-identity': { zone: key(`${goodKey}; t=s`), facts: { selector: 'google' } },
  'dkim.proxied': {
    zone: key({ A: ['104.16.1.2'], AAAA: ['2606:4700::1'] }),
    facts: { selector: 'google', addresses: ['104.16.1.2'], network: 'cloudflare' },
  },
  'dkim.doubled-name': {
    zone: changed({ ...noKeys, 'google._domainkey.example.com.example.com': { TXT: [goodKey] } }),
    facts: {
      selector: 'google',
      name: 'google._domainkey.example.com.example.com',
      shouldBe: 'google._domainkey.example.com',
    },
  },
  'dkim.same-key': {
    zone: microsoft({ selector1: { TXT: [goodKey] }, selector2: { TXT: [goodKey] } }),
    facts: { selectors: ['selector1', 'selector2'] },
  },
  'dkim.one-microsoft-selector': {
    zone: microsoft({ selector1: { TXT: [goodKey] } }),
    facts: { selector: 'selector1', missing: 'selector2._domainkey.example.com' },
  },
  'dkim.wildcard': {
    zone: changed({ ...noKeys, '*._domainkey.example.com': { TXT: [goodKey] } }),
    facts: { selector: '*', name: '_domainkey.example.com' },
  },
}
