import { fakeRsaKey } from '../helpers/dkim-keys.ts'
import type { ZoneRecords } from '../helpers/zone.ts'
import { zoneText } from './domains.ts'

type Records = Record<string, ZoneRecords>

/** So short that the next round must ask again, while what many domains rest on stays known as in life. */
const ownTtlS = 1

/** The `index`th domain of the bench of audits. */
export const auditedName = (index: number) => `firm-${String(index).padStart(4, '0')}.example`

const strongKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`
const weakKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(1024)}`
const ranges = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `ip4:198.18.${from + index}.0/24`).join(' ')

/** What domains are like, ten of a hundred each; addresses are of the documentation networks. */
const kinds: readonly ((name: string, index: number) => Records)[] = [
  withGoogle,
  withMicrosoft,
  withGoogle,
  withMicrosoft,
  withOwnServers,
  withServices,
  withGoogle,
  withOwnServers,
  withFaults,
  withNothing,
]

/** Zone files for NSD: a zone for each domain and each provider, and the root, so that every other name does not exist. */
export function auditedZones(count: number): Record<string, string> {
  const zones: Record<string, string> = { '.': zoneText('.', {}) }
  for (const [zone, records] of Object.entries(providers(count))) zones[zone] = zoneText(`${zone}.`, records)
  for (let index = 0; index < count; index++) {
    const name = auditedName(index)
    zones[name] = zoneText(`${name}.`, domain(name, index), ownTtlS)
  }
  return zones
}

function domain(name: string, index: number): Records {
  const kind = kinds[index % kinds.length] ?? withNothing
  return { ...site(name, index), ...kind(name, Math.floor(index / kinds.length)) }
}

const nameservers = (name: string) => [`ns1.${name}`, 'ns2.hosting.example']

function site(name: string, index: number): Records {
  return {
    [name]: { NS: nameservers(name) },
    [`ns1.${name}`]: { A: [`203.0.113.${index % 250}`] },
    [`www.${name}`]:
      index % 3 === 0 ? { CNAME: 'edge.hosting.example' } : { A: [`203.0.113.${index % 250}`] },
  }
}

function apex(name: string, spf: string, more: ZoneRecords = {}): ZoneRecords {
  return {
    NS: nameservers(name),
    A: ['203.0.113.7'],
    AAAA: ['2001:db8:7::7'],
    TXT: [spf, `site-verification=${name}`],
    ...more,
  }
}

const dmarc = (name: string, policy: string): Records => ({
  [`_dmarc.${name}`]: { TXT: [`v=DMARC1; p=${policy}; rua=mailto:dmarc@${name}`] },
})

function withGoogle(name: string, index: number): Records {
  return {
    [name]: apex(name, 'v=spf1 include:_spf.google.com ~all', { MX: ['1 smtp.google.com'] }),
    ...(index % 5 === 0 ? {} : dmarc(name, index % 2 === 0 ? 'none' : 'quarantine')),
    [`google._domainkey.${name}`]: { TXT: [index % 4 === 0 ? weakKey : strongKey] },
  }
}

function withMicrosoft(name: string, index: number): Records {
  const label = name.replace('.', '-')
  return {
    [name]: apex(name, 'v=spf1 include:spf.protection.outlook.com -all', {
      MX: [`0 ${label}.mail.protection.outlook.com`],
    }),
    ...dmarc(name, index % 2 === 0 ? 'reject' : 'none'),
    [`selector1._domainkey.${name}`]: { CNAME: `selector1-${label}._domainkey.tenant.onmicrosoft.com` },
    [`selector2._domainkey.${name}`]: { CNAME: `selector2-${label}._domainkey.tenant.onmicrosoft.com` },
    [`autodiscover.${name}`]: { CNAME: 'autodiscover.outlook.com' },
    ...(index % 3 === 0 ? withTransport(name) : {}),
  }
}

function withOwnServers(name: string, index: number): Records {
  return {
    [name]: apex(name, 'v=spf1 mx a:mail.hosting.example ip4:203.0.113.9 -all', {
      MX: [`10 mx1.${name}`, `20 mx2.${name}`],
      CAA: ['0 issue ca.example'],
    }),
    [`mx1.${name}`]: { A: ['203.0.113.9'], AAAA: ['2001:db8:9::9'] },
    [`mx2.${name}`]: { A: ['203.0.113.10'] },
    ...dmarc(name, 'reject'),
    [`mail._domainkey.${name}`]: { TXT: [strongKey] },
    ...(index % 2 === 0 ? withTransport(name) : {}),
  }
}

function withServices(name: string, index: number): Records {
  return {
    [name]: apex(
      name,
      'v=spf1 include:_spf.google.com include:servers.mcsv.net include:sendgrid.net include:mail.zendesk.com ~all',
      { MX: ['1 aspmx.l.google.com', '5 alt1.aspmx.l.google.com', '10 alt2.aspmx.l.google.com'] },
    ),
    ...dmarc(name, 'quarantine'),
    [`google._domainkey.${name}`]: { TXT: [strongKey] },
    [`k1._domainkey.${name}`]: { CNAME: 'dkim.mcsv.net' },
    [`s1._domainkey.${name}`]: { CNAME: 's1.domainkey.u1.wl.sendgrid.net' },
    ...(index % 2 === 0
      ? { [`send.${name}`]: { TXT: ['v=spf1 include:sendgrid.net ~all'], MX: ['10 mx.sendgrid.net'] } }
      : {}),
  }
}

const faults: readonly ((name: string) => Records)[] = [
  name => ({ [name]: apex(name, 'v=spf1 +all', { MX: [`10 gone.${name}`] }), ...dmarc(name, 'none') }),
  name => ({
    [name]: apex(name, 'v=spf1 mx -all', {
      MX: ['10 mail.hosting.example'],
      TXT: ['v=spf1 mx -all', 'v=spf1 a ~all'],
    }),
    ...dmarc(name, 'reject'),
  }),
  name => ({
    [name]: apex(name, 'v=spf1 include:_many.hosting.example include:_spf.google.com mx a ~all', {
      MX: ['10 mail.hosting.example'],
    }),
  }),
  name => ({
    [name]: apex(name, 'v=spf1 include:gone.hosting.example ?all', { MX: ['10 mail.hosting.example'] }),
    [`_dmarc.${name}`]: { TXT: ['v=DMARC1; p=rejected'] },
  }),
]

function withFaults(name: string, index: number): Records {
  return faults[index % faults.length]?.(name) ?? {}
}

function withNothing(name: string, index: number): Records {
  return index % 2 === 0 ? {} : { [name]: { NS: nameservers(name), TXT: ['v=spf1 -all'], MX: ['0 '] } }
}

function withTransport(name: string): Records {
  return {
    [`_mta-sts.${name}`]: { TXT: ['v=STSv1; id=20240101T000000'] },
    [`_smtp._tls.${name}`]: { TXT: [`v=TLSRPTv1; rua=mailto:tls@${name}`] },
  }
}

/** What the domains rest on. */
function providers(count: number): Record<string, Records> {
  const outlook: Records = {
    'spf.protection.outlook.com': {
      TXT: [`v=spf1 ${ranges(40, 6)} include:spfd.protection.outlook.com -all`],
    },
    'spfd.protection.outlook.com': { TXT: [`v=spf1 ${ranges(46, 8)} -all`] },
    'autodiscover.outlook.com': { A: ['203.0.113.30'] },
  }
  const tenant: Records = {}
  for (let index = 0; index < count; index++) {
    if (kinds[index % kinds.length] !== withMicrosoft) continue
    const label = auditedName(index).replace('.', '-')
    outlook[`${label}.mail.protection.outlook.com`] = { A: ['203.0.113.31', '203.0.113.32'] }
    tenant[`selector1-${label}._domainkey.tenant.onmicrosoft.com`] = { TXT: [strongKey] }
  }
  return {
    'google.com': {
      'smtp.google.com': { A: ['203.0.113.26'], AAAA: ['2001:db8:26::1a'] },
      'aspmx.l.google.com': { A: ['203.0.113.27'], AAAA: ['2001:db8:26::1b'] },
      'alt1.aspmx.l.google.com': { A: ['203.0.113.28'], AAAA: ['2001:db8:26::1c'] },
      'alt2.aspmx.l.google.com': { A: ['203.0.113.29'], AAAA: ['2001:db8:26::1d'] },
      '_spf.google.com': {
        TXT: [
          'v=spf1 include:_netblocks.google.com include:_netblocks2.google.com include:_netblocks3.google.com ~all',
        ],
      },
      '_netblocks.google.com': { TXT: [`v=spf1 ${ranges(0, 10)} ~all`] },
      '_netblocks2.google.com': { TXT: ['v=spf1 ip6:2001:db8:40::/44 ip6:2001:db8:50::/44 ~all'] },
      '_netblocks3.google.com': { TXT: [`v=spf1 ${ranges(20, 10)} ~all`] },
    },
    'outlook.com': outlook,
    'onmicrosoft.com': tenant,
    'mcsv.net': {
      'servers.mcsv.net': { TXT: [`v=spf1 ${ranges(60, 3)} ?all`] },
      'dkim.mcsv.net': { TXT: [strongKey] },
    },
    'sendgrid.net': {
      'sendgrid.net': { TXT: ['v=spf1 include:ab.sendgrid.net ~all'] },
      'ab.sendgrid.net': { TXT: [`v=spf1 ${ranges(64, 6)} ~all`] },
      'mx.sendgrid.net': { A: ['203.0.113.40'] },
      's1.domainkey.u1.wl.sendgrid.net': { TXT: [strongKey] },
    },
    'zendesk.com': { 'mail.zendesk.com': { TXT: [`v=spf1 ${ranges(70, 4)} ~all`] } },
    'hosting.example': {
      'hosting.example': { NS: ['ns1.hosting.example', 'ns2.hosting.example'] },
      'ns1.hosting.example': { A: ['203.0.113.51'] },
      'ns2.hosting.example': { A: ['203.0.113.52'], AAAA: ['2001:db8:52::1'] },
      'edge.hosting.example': { A: ['203.0.113.53'] },
      'mail.hosting.example': { A: ['203.0.113.54'] },
      '_many.hosting.example': {
        TXT: [
          `v=spf1 ${Array.from({ length: 8 }, (_, index) => `include:_s${index}.hosting.example`).join(' ')} ~all`,
        ],
      },
      ...Object.fromEntries(
        Array.from({ length: 8 }, (_, index) => [
          `_s${index}.hosting.example`,
          { TXT: [`v=spf1 ${ranges(80 + index, 1)} ~all`] },
        ]),
      ),
    },
  }
}
