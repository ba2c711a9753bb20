import type { Finding, FindingCode } from '#shared/model/finding.ts'
import type { Around } from '../../helpers/around.ts'
import { apex, cleanKey } from '../../helpers/audit-zone.ts'
import {
  fullAround,
  fullApex,
  fullChanged,
  fullZone,
  logo,
  markChain,
  policy,
  policyUrl,
  soa,
} from '../../helpers/full-world.ts'
import { goodTls } from '../../helpers/around.ts'
import type { ZoneRecords, ZoneText } from '../../helpers/zone.ts'

export type Case = {
  zone: ZoneText
  domain?: string
  around?: Around
  facts?: Finding['facts']
  severity?: Finding['severity']
}

type Prefix =
  | 'views'
  | 'zone'
  | 'dnssec'
  | 'ptr'
  | 'mta-sts'
  | 'tls-rpt'
  | 'tls'
  | 'dane'
  | 'subdomain'
  | 'tracking'
  | 'web'
  | 'caa'
  | 'bimi'
type MoreCode =
  | Extract<FindingCode, `${Prefix}.${string}`>
  | 'ns.cname-at-apex'
  | 'ns.parked'
  | 'mx.mixed-providers'
  | 'mx.duplicate-host'
  | 'mx.verification-leftover'
  | 'mx.single'

/** The full world with the resolver's zone changed, and the nameservers' with it. */
const full = (changes: Readonly<Record<string, ZoneRecords | undefined>>): Pick<Case, 'zone' | 'around'> =>
  served(fullChanged(changes))
const own = (records: ZoneRecords) => served(fullApex(records))
const served = (zone: ZoneText): Pick<Case, 'zone' | 'around'> => ({
  zone,
  around: { ...fullAround, servers: { ...fullAround.servers, '198.100.10.53': zone, '198.100.11.53': zone } },
})
/** The full zone, with something else around it. */
const around = (changes: Around): Pick<Case, 'zone' | 'around'> => ({
  zone: fullZone,
  around: { ...fullAround, ...changes },
})
const servers = (changes: NonNullable<Around['servers']>) =>
  around({ servers: { ...fullAround.servers, ...changes } })
const pages = (changes: NonNullable<Around['pages']>) =>
  around({ pages: { ...fullAround.pages, ...changes } })
const mail = (tls: Partial<typeof goodTls> | null, startTls = true) =>
  around({
    mail: {
      ...fullAround.mail,
      'mx1.example.com': { startTls, tls: tls === null ? null : { ...goodTls, ...tls } },
    },
  })

export const moreCases: Record<MoreCode, Case> = {
  'ns.cname-at-apex': {
    zone: { 'example.com': { CNAME: 'shop.example' }, 'shop.example': { A: ['198.100.10.1'] } },
    facts: { domain: 'example.com', target: 'shop.example' },
  },
  'ns.parked': {
    zone: apex({ NS: ['ns1.sedoparking.com', 'ns2.sedoparking.com'] }),
    facts: { zone: 'example.com', kind: 'parked', hosts: ['ns1.sedoparking.com', 'ns2.sedoparking.com'] },
  },
  'mx.mixed-providers': {
    zone: {
      ...apex({ MX: ['1 smtp.google.com', '5 alt1.google.com', '10 a.mail.protection.outlook.com'] }),
      'alt1.google.com': { A: ['142.250.1.27'] },
      'a.mail.protection.outlook.com': { A: ['142.250.1.28'] },
    },
    facts: {
      providers: ['Google Workspace', 'Microsoft 365'],
      hosts: ['a.mail.protection.outlook.com'],
    },
  },
  'mx.duplicate-host': {
    zone: apex({ MX: ['1 smtp.google.com', '5 smtp.google.com'] }),
    facts: { host: 'smtp.google.com', count: 2 },
  },
  'mx.verification-leftover': {
    zone: apex({ MX: ['1 smtp.google.com', '32767 ms12345678.msv1.invalid'] }),
    facts: { host: 'ms12345678.msv1.invalid' },
  },
  'mx.single': { ...own({ MX: ['10 mx1.example.com'] }), facts: { host: 'mx1.example.com' } },
  'views.differs': {
    ...servers({ '198.100.11.53': fullApex({ TXT: ['v=spf1 -all'] }) }),
    facts: {
      name: 'example.com',
      type: 'TXT',
      servers: ['ns1.example.net: v=spf1 ip4:198.100.10.25 mx -all', 'ns2.example.net: v=spf1 -all'],
    },
  },
  'zone.lame-server': {
    ...servers({ '198.100.11.53': 'refuses' }),
    facts: { zone: 'example.com', host: 'ns2.example.net', reason: 'refused' },
  },
  'zone.same-network': {
    ...full({ 'ns2.example.net': { A: ['198.100.10.54'] } }),
    facts: { network: '198.100.10.0/24', hosts: ['ns1.example.net', 'ns2.example.net'] },
  },
  'zone.parent-differs': {
    ...servers({
      '198.100.20.1': { refers: { zone: 'example.com', hosts: ['ns1.example.net', 'old.example.org'] } },
    }),
    facts: { onlyParent: ['old.example.org'], onlyZone: ['ns2.example.net'] },
  },
  'zone.serials-differ': {
    ...servers({ '198.100.11.53': fullApex({ SOA: soa.replace(' 7 ', ' 6 ') }) }),
    facts: { serials: ['ns1.example.net: 7', 'ns2.example.net: 6'] },
  },
  'zone.soa-values': {
    ...own({ SOA: 'ns1.example.net host@example.com 7 7200 900 3600 172800' }),
    facts: {
      reason: 'expire-too-short',
      problems: ['expire-too-short', 'negative-ttl-long', 'contact-invalid'],
    },
  },
  'dnssec.unsigned': { ...own({ DS: [], DNSKEY: [] }), facts: { zone: 'example.com' } },
  'dnssec.ds-mismatch': {
    ...own({ DNSKEY: [cleanKey.replace('AAEC', 'AAED')] }),
    facts: { zone: 'example.com', reason: 'no-match', keyTags: ['59409'] },
  },
  'dnssec.weak-algorithm': {
    ...own({ DS: [`59409 5 1 ${'00'.repeat(20)}`] }),
    facts: { algorithms: ['RSASHA1'] },
  },
  'ptr.missing': {
    ...full({ '25.10.100.198.in-addr.arpa': undefined }),
    facts: { address: '198.100.10.25', role: 'sender' },
  },
  'ptr.not-confirmed': {
    ...full({ '25.10.100.198.in-addr.arpa': { PTR: ['other.example.com'] } }),
    facts: { address: '198.100.10.25', host: 'other.example.com' },
  },
  'ptr.generic': {
    ...full({
      '25.10.100.198.in-addr.arpa': { PTR: ['ip-198-100-10-25.host.example'] },
      'ip-198-100-10-25.host.example': { A: ['198.100.10.25'] },
    }),
    facts: { host: 'ip-198-100-10-25.host.example' },
  },
  'mta-sts.multiple': {
    ...full({ '_mta-sts.example.com': { TXT: ['v=STSv1; id=1', 'v=STSv1; id=2'] } }),
    facts: { name: '_mta-sts.example.com', count: 2 },
  },
  'mta-sts.record-invalid': {
    ...full({ '_mta-sts.example.com': { TXT: ['v=STSv1; id=2026-01-01'] } }),
    facts: { record: 'v=STSv1; id=2026-01-01', reason: 'id-invalid' },
  },
  'mta-sts.policy-unreachable': {
    ...pages({ [policyUrl]: { fault: 'certificate-name' } }),
    facts: { host: 'mta-sts.example.com', reason: 'certificate-name' },
  },
  'mta-sts.policy-invalid': {
    ...pages({ [policyUrl]: { body: policy.replace('STSv1', 'STSv2') } }),
    facts: { reason: 'version', line: 'version: STSv2' },
    severity: 'high',
  },
  'mta-sts.mx-not-covered': {
    ...pages({ [policyUrl]: { body: policy.replace('*.example.com', '*.example.net') } }),
    facts: { hosts: ['mx2.example.com'], mode: 'enforce' },
  },
  'mta-sts.max-age-short': {
    ...pages({ [policyUrl]: { body: policy.replace('604800', '3600') } }),
    facts: { maxAgeS: 3_600 },
  },
  'mta-sts.testing': {
    ...pages({ [policyUrl]: { body: policy.replace('enforce', 'testing') } }),
    facts: { mode: 'testing' },
  },
  'tls-rpt.multiple': {
    ...full({
      '_smtp._tls.example.com': {
        TXT: ['v=TLSRPTv1; rua=mailto:a@example.com', 'v=TLSRPTv1; rua=mailto:b@example.com'],
      },
    }),
    facts: { count: 2 },
  },
  'tls-rpt.record-invalid': {
    ...full({ '_smtp._tls.example.com': { TXT: ['v=TLSRPTv1; rua=tls@example.com'] } }),
    facts: { reason: 'address-invalid', term: 'tls@example.com' },
  },
  'tls.not-offered': { ...mail(null, false), facts: { host: 'mx1.example.com', reason: 'not-offered' } },
  'tls.certificate-invalid': {
    ...mail({ problem: 'expired', names: ['mx1.example.com'] }),
    facts: { reason: 'expired', names: ['mx1.example.com'] },
  },
  'tls.certificate-expires-soon': {
    ...mail({ validToAt: 1_000 + 3 * 86_400_000 }),
    facts: { host: 'mx1.example.com', days: 3 },
  },
  'tls.old-version': { ...mail({ protocol: 'TLSv1.1' }), facts: { protocol: 'TLSv1.1' } },
  'dane.unsigned': {
    ...full({ '_25._tcp.mx1.example.com': { TLSA: ['3 1 1 00'] } }),
    facts: { host: 'mx1.example.com' },
  },
  'dane.usage': {
    ...full({ '_25._tcp.mx1.example.com': { TLSA: ['1 1 1 00', '0 0 1 00'], authenticated: true } }),
    facts: { usages: ['0', '1'] },
  },
  'dane.mismatch': {
    ...full({ '_25._tcp.mx1.example.com': { TLSA: ['3 1 1 00', '2 0 1 00'], authenticated: true } }),
    facts: { host: 'mx1.example.com', name: '_25._tcp.mx1.example.com' },
  },
  'dane.single-record': {
    ...full({
      '_25._tcp.mx1.example.com': {
        TLSA: [fullZone['_25._tcp.mx1.example.com']?.TLSA?.[0] ?? ''],
        authenticated: true,
      },
    }),
    facts: { host: 'mx1.example.com' },
  },
  'subdomain.policy-inherited': {
    zone: apex({}),
    domain: 'news.example.com',
    facts: { domain: 'news.example.com', from: '_dmarc.example.com' },
  },
  'subdomain.return-path-incomplete': {
    ...full({ 'bounce.example.com': { TXT: ['v=spf1 -all'] } }),
    facts: { name: 'bounce.example.com' },
  },
  'tracking.missing': { ...full({ 'track.example.com': undefined }), facts: { host: 'track.example.com' } },
  'tracking.certificate-invalid': {
    ...pages({ 'https://track.example.com/': { fault: 'certificate-name' } }),
    facts: { host: 'track.example.com', reason: 'certificate-name' },
  },
  'tracking.dangling': {
    ...full({ 'em.example.com': { CNAME: 'old-shop.herokudns.com' }, 'herokudns.com': { SOA: soa } }),
    facts: {
      name: 'em.example.com',
      target: 'old-shop.herokudns.com',
      reason: 'claimable',
      service: 'Heroku',
    },
  },
  'web.no-address': { ...own({ A: [] }), facts: { domain: 'example.com' } },
  'caa.record-invalid': {
    ...own({ CAA: ['0 isue letsencrypt.org'] }),
    facts: { name: 'example.com', record: '0 isue "letsencrypt.org"', reason: 'unknown-tag' },
  },
  'caa.no-issuer': { ...own({ CAA: ['0 issue ;'] }), facts: { host: 'mta-sts.example.com' } },
  'bimi.multiple': {
    ...full({
      'default._bimi.example.com': {
        TXT: ['v=BIMI1; l=https://example.com/logo.svg', 'v=BIMI1; l=https://example.com/other.svg'],
      },
    }),
    facts: { count: 2 },
  },
  'bimi.record-invalid': {
    ...full({ 'default._bimi.example.com': { TXT: ['v=BIMI1; l=http://example.com/logo.svg'] } }),
    facts: { reason: 'logo-not-https' },
  },
  'bimi.policy-too-weak': {
    ...full({ '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.com'] } }),
    facts: { reason: 'policy', policy: 'none' },
  },
  'bimi.logo-invalid': {
    ...pages({ 'https://example.com/logo.svg': { body: logo.replace('<circle', '<script/><circle') } }),
    facts: { reason: 'script', problems: ['script'] },
  },
  'bimi.certificate-invalid': {
    ...pages({ 'https://example.com/mark.pem': { body: markChain({ names: ['example.org'] }) } }),
    facts: { reason: 'name', problems: ['name'] },
  },
}
