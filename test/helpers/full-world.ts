import { createHash, createPublicKey } from 'node:crypto'
import { type Around, goodTls } from './around.ts'
import { cleanZone } from './audit-zone.ts'
import { makeCertificate } from './certificates.ts'
import type { ZoneRecords, ZoneText } from './zone.ts'

/* A domain that has everything there is, all of it right: its own mail servers, signed zones, policies, a logo. */

const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
const logotypeExtension = '1.3.6.1.5.5.7.1.12'
const markPurpose = '1.3.6.1.5.5.7.3.31'

/** A chain in PEM as an authority for marks would send it; `wishes` spoil it. */
export function markChain(wishes: Partial<Parameters<typeof makeCertificate>[0]> = {}): string {
  const leaf = makeCertificate({
    name: 'Example',
    names: ['example.com'],
    validFromAt: 0,
    issuer: authority,
    purposes: [markPurpose],
    extensions: { [logotypeExtension]: Buffer.from([0x05, 0x00]) },
    ...wishes,
  })
  return leaf.pem + authority.pem
}

export const logo =
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64"><title>Example</title><circle cx="32" cy="32" r="30"/></svg>'

const mailCertificate = makeCertificate({
  name: 'mx1.example.com',
  names: ['mx1.example.com', 'mx2.example.com'],
})
const mailKey = createHash('sha256')
  .update(createPublicKey(mailCertificate.pem).export({ type: 'spki', format: 'der' }))
  .digest('hex')

const tlsa = { TLSA: [`3 1 1 ${mailKey}`, `3 1 1 ${'00'.repeat(32)}`], authenticated: true }
export const soa = 'ns1.example.net hostmaster.example.com 7 7200 900 1209600 3600'
export const policy =
  'version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.example.com\nmax_age: 604800\n'
export const policyUrl = 'https://mta-sts.example.com/.well-known/mta-sts.txt'

export const fullZone: ZoneText = {
  ...cleanZone,
  '.': { SOA: 'a.root.example hostmaster.root.example 1 1800 900 604800 86400', authenticated: true },
  com: { NS: ['a.com-servers.example'] },
  'a.com-servers.example': { A: ['198.100.20.1'] },
  'example.com': {
    ...cleanZone['example.com'],
    SOA: soa,
    MX: ['10 mx1.example.com', '20 mx2.example.com'],
    TXT: ['v=spf1 ip4:198.100.10.25 mx -all'],
    CAA: ['0 issue letsencrypt.org', '0 iodef mailto:security@example.com'],
  },
  'ns1.example.net': { A: ['198.100.10.53'] },
  'ns2.example.net': { A: ['198.100.11.53'] },
  'mx1.example.com': { A: ['198.100.10.25'] },
  'mx2.example.com': { A: ['198.100.10.26'] },
  '25.10.100.198.in-addr.arpa': { PTR: ['mx1.example.com'] },
  '26.10.100.198.in-addr.arpa': { PTR: ['mx2.example.com'] },
  '_mta-sts.example.com': { TXT: ['v=STSv1; id=20260101'] },
  '_smtp._tls.example.com': {
    TXT: ['v=TLSRPTv1; rua=mailto:tls@example.com,https://reports.example.net/tls'],
  },
  'default._bimi.example.com': {
    TXT: ['v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/mark.pem'],
  },
  '_25._tcp.mx1.example.com': tlsa,
  '_25._tcp.mx2.example.com': tlsa,
  'bounce.example.com': { TXT: ['v=spf1 ip4:198.100.10.25 -all'], MX: ['10 mx1.example.com'] },
  'track.example.com': { CNAME: 'links.sender.example' },
  'links.sender.example': { A: ['198.100.30.1'] },
}

const mail = { tls: { ...goodTls, chain: [mailCertificate.der.toString('base64')] } }

export const fullAround: Around = {
  servers: {
    '198.100.10.53': fullZone,
    '198.100.11.53': fullZone,
    '198.100.20.1': { refers: { zone: 'example.com', hosts: ['ns1.example.net', 'ns2.example.net'] } },
  },
  pages: {
    [policyUrl]: { body: policy },
    'https://example.com/logo.svg': { contentType: 'image/svg+xml', body: logo },
    'https://example.com/mark.pem': { contentType: 'application/x-pem-file', body: markChain() },
    'https://track.example.com/': { status: 404, contentType: 'text/html', body: '' },
  },
  mail: { 'mx1.example.com': mail, 'mx2.example.com': mail },
  trackingHost: 'track.example.com',
}

/** The full zone with some names put in place of, or beside, its own; undefined takes a name out. */
export function fullChanged(changes: Readonly<Record<string, ZoneRecords | undefined>>): ZoneText {
  const kept = Object.entries({ ...fullZone, ...changes }).filter(
    (entry): entry is [string, ZoneRecords] => entry[1] !== undefined,
  )
  return Object.fromEntries(kept)
}

/** The full zone with some records of the domain itself in place of its own. */
export function fullApex(records: ZoneRecords): ZoneText {
  return fullChanged({ 'example.com': { ...fullZone['example.com'], ...records } })
}
