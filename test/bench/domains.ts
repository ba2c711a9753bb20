import { fakeRsaKey } from '../helpers/dkim-keys.ts'
import type { ZoneRecords } from '../helpers/zone.ts'

/** The `index`th domain of the benches: most are well, some lack something, some are broken. */
export const domainName = (index: number) => `brand-${String(index).padStart(5, '0')}.example`

const strongKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`
const weakKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(1024)}`

/** What all of them rest on. */
export const sharedRecords: Readonly<Record<string, ZoneRecords>> = {
  'smtp.google.com': { A: ['142.250.1.26'], AAAA: ['2a00:1450:4001::1a'] },
  '_spf.google.com': { TXT: ['v=spf1 include:_netblocks.google.com ~all'] },
  '_netblocks.google.com': { TXT: ['v=spf1 ip4:142.250.0.0/15 ~all'] },
}

/** The records of one domain, by name. */
export function recordsOf(name: string, index: number): Record<string, ZoneRecords> {
  const kind = index % 20
  // Nothing published yet: it stays Pending.
  if (kind === 0) return { [name]: { NS: nameservers } }
  const policy = kind < 5 ? 'none' : 'reject'
  const end = kind === 1 ? '+all' : '-all'
  return {
    [name]: {
      NS: nameservers,
      MX: kind === 2 ? [`10 mx.${name}`] : ['1 smtp.google.com'],
      TXT: [`v=spf1 include:_spf.google.com ${end}`, `site-verification=${index}`],
    },
    ...(kind === 3
      ? {}
      : { [`_dmarc.${name}`]: { TXT: [`v=DMARC1; p=${policy}; rua=mailto:dmarc@${name}`] } }),
    ...(kind === 4 ? {} : { [`google._domainkey.${name}`]: { TXT: [kind < 8 ? weakKey : strongKey] } }),
  }
}

const nameservers = ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com']

/** Zone files for NSD: one zone for each domain, because a server only refers to a zone below one of its own. */
export function zonesOf(count: number): Record<string, string> {
  const zones: Record<string, string> = {
    '.': zoneText('.', {}),
    'google.com': zoneText('google.com.', sharedRecords),
  }
  for (let index = 0; index < count; index++) {
    const name = domainName(index)
    zones[name] = zoneText(`${name}.`, recordsOf(name, index))
  }
  return zones
}

/** One zone: an SOA, nameservers when no record names any, and the records, all with one TTL. */
export function zoneText(origin: string, records: Readonly<Record<string, ZoneRecords>>, ttlS = 300): string {
  const negativeS = Math.min(ttlS, 60)
  const lines = [
    `$TTL ${ttlS}`,
    `${origin} IN SOA ns1.example. hostmaster.example. 1 3600 600 86400 ${negativeS}`,
  ]
  if (!Object.values(records).some(({ NS }) => NS)) lines.push(`${origin} IN NS ns1.example.`)
  for (const [name, { A, AAAA, CAA, CNAME, MX, NS, TXT }] of Object.entries(records)) {
    const add = (type: string, values: readonly string[] = []) => {
      for (const value of values) lines.push(`${name}. IN ${type} ${value}`)
    }
    add('A', A)
    add('AAAA', AAAA)
    add(
      'MX',
      MX?.map(value => `${value}.`),
    )
    add(
      'NS',
      NS?.map(value => `${value}.`),
    )
    add('TXT', TXT?.map(quoted))
    add('CNAME', CNAME === undefined ? [] : [`${CNAME}.`])
    add('CAA', CAA)
  }
  return lines.join('\n')
}

function quoted(value: string | readonly string[]): string {
  const strings = typeof value === 'string' ? (value.match(/.{1,255}/g) ?? []) : value
  return strings.map(string => `"${string}"`).join(' ')
}
