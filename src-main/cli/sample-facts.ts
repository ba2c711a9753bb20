import type { Fact, FindingCode } from '#shared/model/finding.ts'

type Facts = Readonly<Record<string, Fact>>

/** One example for each fact, by name. */
const samples: Facts = {
  address: '198.51.100.25',
  addresses: ['10.0.0.5'],
  algorithms: ['RSASHA1'],
  all: '-all',
  canonical: 'mail.example.net',
  costliest: ['include:a.example', 'include:b.example'],
  costliestLookups: 7,
  count: 2,
  days: 9,
  detail: '404',
  domain: 'example.com',
  from: '_dmarc.example.com',
  host: 'mx1.example.com',
  hosts: ['mx2.example.com'],
  keyBits: 1024,
  left: 'ip4:198.51.100.1',
  limit: 10,
  line: 'max_age: never',
  lookups: 11,
  maxAgeS: 3_600,
  name: 'mail.example.com',
  names: ['mail.example.org'],
  network: '198.51.100.0/24',
  onlyParent: ['ns.old.example'],
  onlyZone: ['ns2.example.net'],
  others: ['mx1.example.com'],
  patterns: ['*.example.net'],
  policy: 'reject',
  protocol: 'TLSv1.1',
  providers: ['Google Workspace', 'Microsoft 365'],
  right: 'include:a.example',
  selector: 's1',
  serials: ['ns1.example.net: 7', 'ns2.example.net: 6'],
  service: 'Heroku',
  subdomainPolicy: 'none',
  tag: 'sp',
  tags: ['pct', 'ri'],
  target: 'gone.example.net',
  targets: ['a.example', 'b.example', 'c.example'],
  term: 'include:a.example',
  terms: ['mx'],
  tried: 48,
  type: 'TXT',
  usages: ['0', '1'],
  via: ['example.com'],
  voidLookups: 3,
  zone: 'example.com',
}

/** Where each kind of record stands. */
const names: Readonly<Record<string, string>> = {
  spf: 'example.com',
  dmarc: '_dmarc.example.com',
  dkim: 's1._domainkey.example.com',
  views: 'example.com',
  'mta-sts': '_mta-sts.example.com',
  'tls-rpt': '_smtp._tls.example.com',
  dane: '_25._tcp.mx1.example.com',
  caa: 'example.com',
  bimi: 'default._bimi.example.com',
  subdomain: 'bounce.example.com',
  tracking: 'em.example.com',
}

/** Where the usual example makes no sense. */
const own: Partial<Record<FindingCode, Facts>> = {
  'spf.pass-all': { term: '+all' },
  'spf.neutral-all': { term: '?all' },
  'spf.ptr': { term: 'ptr' },
  'spf.redirect-ignored': { term: 'redirect=a.example' },
  'spf.too-many-mx-hosts': { term: 'mx', hosts: 12 },
  'spf.many-lookups': { lookups: 9 },
  'spf.include-without-record': { target: 'a.example' },
  'spf.loop': { target: 'example.com', path: ['example.com', 'a.example', 'example.com'] },
  'spf.syntax': { term: 'ip4:198.51.100.256', reason: 'address-invalid' },
  'dmarc.can-enforce': {
    days: 30,
    messages: 400,
    aligned: 400,
    otherSources: 0,
    otherMessages: 0,
    next: 'quarantine-testing',
    expected: 'v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@example.com',
  },
  'dmarc.syntax': { tag: 'sp', term: 'sp=strict', reason: 'unknown-value' },
  'dkim.none-possible': { name: '_domainkey.example.com' },
  'dkim.key-too-short': { keyBits: 512 },
  'dkim.key-very-long': { keyBits: 8_192 },
  'mx.target-is-address': { host: '198.51.100.25' },
  'ns.single': { host: 'ns1.example.net' },
  'ns.parked': { hosts: ['ns1.parking.example', 'ns2.parking.example'] },
  'zone.lame-server': { host: 'ns2.example.net' },
  'mta-sts.policy-unreachable': { host: 'mta-sts.example.com', reason: 'status' },
  'zone.soa-values': { reason: 'negative-ttl-long' },
  'mta-sts.record-invalid': { reason: 'id-invalid' },
  'mta-sts.policy-invalid': { reason: 'max-age' },
  'tls-rpt.record-invalid': { reason: 'address-invalid' },
  'tls.certificate-invalid': { reason: 'expired' },
  'caa.record-invalid': { record: '0 isue "letsencrypt.org"', reason: 'unknown-tag' },
  'bimi.record-invalid': { reason: 'logo-not-https' },
  'bimi.policy-too-weak': { reason: 'policy' },
  'bimi.logo-invalid': { reason: 'script' },
  'bimi.certificate-invalid': { reason: 'expired' },
  'tracking.missing': { host: 'track.example.com' },
  'tracking.certificate-invalid': { host: 'track.example.com', reason: 'certificate-name' },
  'tracking.dangling': { target: 'old-shop.herokudns.com', reason: 'claimable' },
  'caa.no-issuer': { host: 'mta-sts.example.com' },
}

/** Example facts for a finding, so that its sentences can be shown without a domain. */
export function sampleFactsOf(code: FindingCode, wanted: readonly string[]): Facts {
  const name = names[code.slice(0, code.indexOf('.'))]
  const known: Facts = { ...samples, ...(name === undefined ? {} : { name }), ...own[code] }
  return Object.fromEntries(
    wanted.flatMap(fact => (known[fact] === undefined ? [] : [[fact, known[fact]] as const])),
  )
}
