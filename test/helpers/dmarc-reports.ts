import { crc32, deflateRawSync } from 'node:zlib'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'

/* DMARC aggregate reports as text, and what they are sent in. */

export type RecordText = {
  ip?: string
  count?: number | string
  disposition?: string
  spf?: 'pass' | 'fail'
  dkim?: 'pass' | 'fail'
  reasons?: readonly string[]
  headerFrom?: string
  envelopeFrom?: string | null
  spfResults?: readonly { domain: string; result: string }[]
  dkimResults?: readonly { domain: string; selector?: string; result: string }[]
}

export type ReportText = {
  organisation?: string
  reportId?: string
  domain?: string
  /** Epoch milliseconds. */
  beginsAt?: number
  endsAt?: number
  policy?: string
  namespace?: boolean
  errors?: readonly string[]
  records?: readonly RecordText[]
}

export const dayMs = 24 * 60 * 60_000

/** What reports have shown when a policy may take its next step: all mail of four weeks passes. */
export const enoughEvidence: DmarcEvidence = {
  days: 30,
  messages: 400,
  aligned: 400,
  otherSources: 0,
  otherMessages: 0,
  ageDays: 1,
}

/** Messages that pass with both: sent by the domain's own server. */
export const passing: RecordText = {
  ip: '198.51.100.25',
  count: 10,
  spf: 'pass',
  dkim: 'pass',
  envelopeFrom: 'example.com',
  spfResults: [{ domain: 'example.com', result: 'pass' }],
  dkimResults: [{ domain: 'example.com', selector: 'mail', result: 'pass' }],
}

/** Messages of a service that signs with its own domain. */
export const bySendgrid: RecordText = {
  ip: '167.89.0.7',
  count: 4,
  spf: 'fail',
  dkim: 'fail',
  envelopeFrom: 'em123.sendgrid.net',
  spfResults: [{ domain: 'em123.sendgrid.net', result: 'pass' }],
  dkimResults: [{ domain: 'sendgrid.net', selector: 'smtpapi', result: 'pass' }],
}

/** Messages that somebody passed on: SPF fails for the domain, the signature holds. */
export const forwarded: RecordText = {
  ip: '203.0.113.9',
  count: 3,
  spf: 'fail',
  dkim: 'pass',
  envelopeFrom: 'example.com',
  spfResults: [{ domain: 'example.com', result: 'softfail' }],
  dkimResults: [{ domain: 'example.com', selector: 'mail', result: 'pass' }],
}

/** Messages that nobody vouches for. */
export const forged: RecordText = {
  ip: '192.0.2.200',
  count: 2,
  spf: 'fail',
  dkim: 'fail',
  envelopeFrom: 'nowhere.example',
  spfResults: [{ domain: 'nowhere.example', result: 'none' }],
  dkimResults: [],
}

/** A report as RFC 9990 Appendix B has it. */
export function reportXml({
  organisation = 'Receiver Example',
  reportId = 'r-1',
  domain = 'example.com',
  beginsAt = Date.UTC(2026, 10, 20),
  endsAt = beginsAt + dayMs - 1_000,
  policy = '<p>none</p><sp>none</sp><np>none</np><testing>n</testing><discovery_method>treewalk</discovery_method>',
  namespace = true,
  errors = [],
  records = [passing],
}: ReportText = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<feedback${namespace ? ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"' : ''}>
  <version>1.0</version>
  <report_metadata>
    <org_name>${organisation}</org_name>
    <email>reports@receiver.example</email>
    <extra_contact_info>https://receiver.example/dmarc</extra_contact_info>
    <report_id>${reportId}</report_id>
    <date_range><begin>${Math.floor(beginsAt / 1_000)}</begin><end>${Math.floor(endsAt / 1_000)}</end></date_range>
    ${errors.map(error => `<error>${error}</error>`).join('')}
    <generator>Example Reporter 1.2</generator>
  </report_metadata>
  <policy_published><domain>${domain}</domain>${policy}</policy_published>
  ${records.map(record => recordXml(record, domain)).join('\n  ')}
</feedback>
`
}

export function recordXml(record: RecordText, domain = 'example.com'): string {
  const { ip = '198.51.100.25', count = 1, disposition = 'none', spf = 'pass', dkim = 'pass' } = record
  const {
    reasons = [],
    headerFrom = domain,
    envelopeFrom = domain,
    spfResults = [],
    dkimResults = [],
  } = record
  return `<record>
    <row>
      <source_ip>${ip}</source_ip>
      <count>${count}</count>
      <policy_evaluated>
        <disposition>${disposition}</disposition><dkim>${dkim}</dkim><spf>${spf}</spf>
        ${reasons.map(type => `<reason><type>${type}</type><comment>as seen</comment></reason>`).join('')}
      </policy_evaluated>
    </row>
    <identifiers>${envelopeFrom === null ? '' : `<envelope_from>${envelopeFrom}</envelope_from>`}<header_from>${headerFrom}</header_from></identifiers>
    <auth_results>
      ${dkimResults.map(one => `<dkim><domain>${one.domain}</domain>${one.selector ? `<selector>${one.selector}</selector>` : ''}<result>${one.result}</result></dkim>`).join('')}
      ${spfResults.map(one => `<spf><domain>${one.domain}</domain><scope>mfrom</scope><result>${one.result}</result></spf>`).join('')}
    </auth_results>
  </record>`
}

export type ZipEntry = {
  name: string
  content: string | Uint8Array
  stored?: boolean
  encrypted?: boolean
  method?: number
  checksum?: number
}

/** An archive of these entries, as ZIP programs write it. */
export function makeZip(entries: readonly ZipEntry[], comment = ''): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, stored = false, encrypted = false, method, checksum } of entries) {
    const octets = Buffer.from(content)
    const packed = stored ? octets : deflateRawSync(octets)
    const nameOctets = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(nameOctets.length, 26)
    const head = Buffer.alloc(46)
    head.writeUInt32LE(0x02014b50, 0)
    head.writeUInt16LE(encrypted ? 1 : 0, 8)
    head.writeUInt16LE(method ?? (stored ? 0 : 8), 10)
    head.writeUInt32LE(checksum ?? crc32(octets), 16)
    head.writeUInt32LE(packed.length, 20)
    head.writeUInt32LE(octets.length, 24)
    head.writeUInt16LE(nameOctets.length, 28)
    head.writeUInt32LE(at, 42)
    files.push(local, nameOctets, packed)
    directory.push(head, nameOctets)
    at += local.length + nameOctets.length + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...files, list, end, Buffer.from(comment)])
}

/** A message with attachments, as reporters send it. */
export function reportMail(
  attachments: readonly { name: string | null; type: string; octets: Uint8Array }[],
  subject = 'Report Domain: example.com Submitter: receiver.example Report-ID: <r-1@receiver.example>',
): string {
  const boundary = 'report-boundary'
  const parts = attachments.map(({ name, type, octets }) =>
    [
      `--${boundary}`,
      `Content-Type: ${type}${name === null ? '' : `; name="${name}"`}`,
      `Content-Disposition: attachment${name === null ? '' : `; filename="${name}"`}`,
      'Content-Transfer-Encoding: base64',
      '',
      (
        Buffer.from(octets)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\r\n'),
    ].join('\r\n'),
  )
  return [
    'From: reports@receiver.example',
    'To: dmarc@example.com',
    `Subject: ${subject}`,
    'Date: Sat, 21 Nov 2026 06:00:00 +0000',
    `Message-ID: <${Math.random().toString(36).slice(2)}@receiver.example>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain',
    '',
    'This is an aggregate report.',
    ...parts,
    `--${boundary}--`,
    '',
  ].join('\r\n')
}
