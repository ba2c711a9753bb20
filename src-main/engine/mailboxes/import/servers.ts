import {
  connectionSecurityIds,
  type ConnectionSecurity,
  type ServerAddress,
  serverAddressSchema,
} from '#shared/model/connection.ts'
import type { ImportProblem } from '#shared/model/mailbox-import.ts'

type Protocol = 'smtp' | 'imap'
type Fields = { readonly host: string; readonly port: string; readonly security: string }

/** Ports that are encrypted from the first octet (RFC 8314 §7.3), and the usual ones beside them. */
const usualPorts: Record<Protocol, Record<ConnectionSecurity, number>> = {
  smtp: { tls: 465, starttls: 587, plain: 587 },
  imap: { tls: 993, starttls: 143, plain: 143 },
}
const usualSecurity: Record<Protocol, ConnectionSecurity> = { smtp: 'starttls', imap: 'tls' }
const securityOfPort: Readonly<Record<number, ConnectionSecurity>> = {
  465: 'tls',
  993: 'tls',
  25: 'starttls',
  143: 'starttls',
  587: 'starttls',
  2525: 'starttls',
}

/**
 * One server of a row: null when the row names none, so that it is looked up. What is left out follows from the rest:
 * the port from the encryption, the encryption from the port. Never `plain` unless the row says so. Pure.
 */
export function readServer(
  protocol: Protocol,
  fields: Fields,
): { server: ServerAddress | null; problems: ImportProblem[] } {
  const host = fields.host.trim()
  const [bare, inHost] = /^([^:]+):(\d+)$/.exec(host)?.slice(1) ?? [host, '']
  const portText = fields.port.trim() || (inHost ?? '')
  if (host === '') {
    const isAlone = portText !== '' && protocol === 'smtp'
    return { server: null, problems: isAlone ? [problem('host-missing', { protocol })] : [] }
  }
  const port = portText === '' ? null : Number(portText)
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    return { server: null, problems: [problem('port-invalid', { protocol, port: portText.slice(0, 20) })] }
  }
  const said = readSecurity(fields.security, port)
  if (said === undefined) {
    const security = fields.security.trim().slice(0, 20)
    return { server: null, problems: [problem('security-invalid', { protocol, security })] }
  }
  const security = said ?? (port === null ? null : securityOfPort[port]) ?? usualSecurity[protocol]
  const parsed = serverAddressSchema.safeParse({
    host: (bare ?? host).toLowerCase(),
    port: port ?? usualPorts[protocol][security],
    security,
  })
  if (!parsed.success)
    return { server: null, problems: [problem('host-invalid', { protocol, host: host.slice(0, 60) })] }
  return { server: parsed.data, problems: [] }
}

/** Null when nothing is said, undefined when it cannot be read. Many programs write "TLS" for what 587 does. */
function readSecurity(text: string, port: number | null): ConnectionSecurity | null | undefined {
  const word = text.toLowerCase().replaceAll(/[^a-z0-9/]/g, '')
  if (word === '' || word === 'auto') return null
  if (['none', 'plain', 'unencrypted', 'false', '0', 'no'].includes(word)) {
    return word === 'none' || word === 'plain' || word === 'unencrypted' ? 'plain' : null
  }
  if (word === 'starttls') return 'starttls'
  if (['ssl', 'tls', 'ssl/tls', 'tls/ssl', 'implicit', 'smtps', 'imaps', 'true', '1', 'yes'].includes(word)) {
    return port === null ? 'tls' : (securityOfPort[port] ?? 'tls')
  }
  return connectionSecurityIds.find(one => one === word)
}

function problem(code: ImportProblem['code'], facts: ImportProblem['facts']): ImportProblem {
  return { code, facts }
}
