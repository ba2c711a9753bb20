import { XMLParser } from 'fast-xml-parser'
import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import { type ConnectionSecurity, type ServerAddress, serverAddressSchema } from '#shared/model/connection.ts'
import type { AutoconfigFault, LoginMethod } from '#shared/model/discovery.ts'
import { limits } from '../../net/limits.ts'

export type AutoconfigServer = {
  readonly server: ServerAddress
  readonly user: string
  readonly authentication: readonly LoginMethod[]
}

export type Autoconfig =
  | { readonly ok: true; readonly smtp: AutoconfigServer; readonly imap: AutoconfigServer | null }
  | { readonly ok: false; readonly fault: AutoconfigFault }

const securities: Readonly<Record<string, ConnectionSecurity>> = {
  ssl: 'tls',
  starttls: 'starttls',
  plain: 'plain',
}
const methods: Readonly<Record<string, LoginMethod>> = {
  'password-cleartext': 'password',
  'password-encrypted': 'password',
  plain: 'password',
  secure: 'password',
  oauth2: 'oauth',
}
const order: readonly ConnectionSecurity[] = ['tls', 'starttls', 'plain']

/**
 * Reads a configuration in the format `clientConfig` 1.1 for one address: the first submission and IMAP server with the
 * best encryption. Servers with other types, other ways to log in or marks we cannot fill in are passed over. Entities
 * are never expanded and a document type is refused; size and depth are bounded by `limits`.
 */
export function parseAutoconfig(xml: string, address: MailboxAddress): Autoconfig {
  if (xml.length > limits.autoconfigBytes) return bad('too-large')
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return bad('has-doctype')
  const root = readXml(xml)
  if (!root.ok) return bad(root.fault)
  const providers = childrenOf(childrenOf(root.value, 'clientConfig')[0], 'emailProvider')
  if (providers.length === 0) return bad('not-autoconfig')
  const serversOf = (kind: string, type: string) =>
    providers
      .flatMap(provider => childrenOf(provider, kind))
      .slice(0, limits.autoconfigServers)
      .filter(one => textOf(one, '@type').toLowerCase() === type)
      .flatMap(one => readServer(one, address) ?? [])
      .toSorted((a, b) => order.indexOf(a.server.security) - order.indexOf(b.server.security))
  const [smtp] = serversOf('outgoingServer', 'smtp')
  const [imap] = serversOf('incomingServer', 'imap')
  return smtp === undefined ? bad('no-servers') : { ok: true, smtp, imap: imap ?? null }
}

function bad(fault: AutoconfigFault): Autoconfig {
  return { ok: false, fault }
}

type XmlNode = Readonly<Record<string, unknown>>

function readXml(
  xml: string,
): { readonly ok: true; readonly value: XmlNode } | { readonly ok: false; readonly fault: AutoconfigFault } {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    maxNestedTags: limits.autoconfigDepth,
  })
  try {
    const value: unknown = parser.parse(xml, true)
    return isNode(value) && Object.keys(value).length > 0
      ? { ok: true, value }
      : { ok: false, fault: 'not-xml' }
  } catch (error) {
    const isDeep = error instanceof Error && /nested/i.test(error.message)
    return { ok: false, fault: isDeep ? 'too-deep' : 'not-xml' }
  }
}

function readServer(node: XmlNode, address: MailboxAddress): AutoconfigServer | null {
  const host = filledIn(textOf(node, 'hostname'), address)?.toLowerCase().replace(/\.$/, '')
  const user = filledIn(textOf(node, 'username') || '%EMAILADDRESS%', address)
  const listed = childTexts(node, 'authentication').flatMap(text => methods[text.toLowerCase()] ?? [])
  const security = securities[textOf(node, 'socketType').toLowerCase()]
  const port = textOf(node, 'port')
  const server = serverAddressSchema.safeParse({
    host,
    port: /^\d{1,5}$/.test(port) ? Number(port) : 0,
    security,
  })
  if (!server.success || !isHostName(server.data.host) || user === null || listed.length === 0) return null
  return { server: server.data, user, authentication: [...new Set(listed)] }
}

/** The text with the marks of the format replaced; null when one is left, or when it could not stand in a command. */
function filledIn(text: string, { address, localPart, domain }: MailboxAddress): string | null {
  const filled = text
    .replaceAll('%EMAILADDRESS%', () => address)
    .replaceAll('%EMAILLOCALPART%', () => localPart)
    .replaceAll('%EMAILDOMAIN%', () => domain)
  // eslint-disable-next-line no-control-regex -- none may end a command
  const isUsable = filled.length <= 320 && !/%[A-Z]+%|[\u0000-\u001f\u007f]/.test(filled)
  return isUsable ? filled : null
}

function isHostName(host: string): boolean {
  return /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)+$/.test(
    host,
  )
}

function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  const value = node?.[name]
  return (Array.isArray(value) ? value : [value]).filter(isNode)
}

/** The texts of all children of this name; with attributes the parser keeps the text in `#text`. */
function childTexts(node: XmlNode, name: string): string[] {
  const value = node[name]
  return (Array.isArray(value) ? value : [value]).flatMap(one => {
    const text: unknown = isNode(one) ? one['#text'] : one
    return typeof text === 'string' ? [withoutEntities(text.trim())] : []
  })
}

function textOf(node: XmlNode, name: string): string {
  return childTexts(node, name)[0] ?? ''
}

/** The five that XML always has (XML 1.0 §4.6), and no other. */
function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '')
}
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
