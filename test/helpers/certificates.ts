import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate made here, with its key. Made from octets, because Node signs anything and builds none. */
export type Certificate = {
  readonly name: string
  readonly der: Buffer
  readonly pem: string
  readonly keyPem: string
  readonly key: KeyObject
}

export type CertificateWishes = {
  readonly name: string
  /** DNS names it holds for. */
  readonly names?: readonly string[]
  /** Epoch milliseconds. */
  readonly validFromAt?: number
  readonly validToAt?: number
  /** Who signs it; itself unless given. */
  readonly issuer?: Certificate
  readonly isAuthority?: boolean
  /** Object identifiers of extended key usages. */
  readonly purposes?: readonly string[]
  /** Further extensions: object identifier and value. */
  readonly extensions?: Readonly<Record<string, Buffer>>
}

const dayMs = 24 * 60 * 60_000

export function makeCertificate(wishes: CertificateWishes): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const issuer = wishes.issuer ?? { name: wishes.name, key: privateKey }
  const from = wishes.validFromAt ?? Date.now() - dayMs
  const to = wishes.validToAt ?? Date.now() + 90 * dayMs
  const extensions = [
    ...(wishes.names?.length ? [extension('2.5.29.17', subjectNames(wishes.names))] : []),
    ...(wishes.isAuthority ? [extension('2.5.29.19', sequence(Buffer.from([0x01, 0x01, 0xff])), true)] : []),
    ...(wishes.purposes?.length
      ? [extension('2.5.29.37', sequence(...wishes.purposes.map(identifier)))]
      : []),
    ...Object.entries(wishes.extensions ?? {}).map(([oid, value]) => extension(oid, value)),
  ]
  const signatureAlgorithm = sequence(identifier('1.2.840.10045.4.3.2'))
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    signatureAlgorithm,
    distinguishedName(issuer.name),
    sequence(time(from), time(to)),
    distinguishedName(wishes.name),
    spki,
    ...(extensions.length > 0 ? [element(0xa3, sequence(...extensions))] : []),
  )
  const signature = sign('sha256', body, issuer.key)
  const der = sequence(body, signatureAlgorithm, element(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    name: wishes.name,
    der,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    key: privateKey,
  }
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [Buffer.from([0x01, 0x01, 0xff])] : []
  return sequence(identifier(oid), ...flag, element(0x04, value))
}

function subjectNames(names: readonly string[]): Buffer {
  return sequence(...names.map(name => element(0x82, Buffer.from(name))))
}

function distinguishedName(name: string): Buffer {
  return sequence(element(0x31, sequence(identifier('2.5.4.3'), element(0x0c, Buffer.from(name)))))
}

function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return element(0x18, Buffer.from(`${text}Z`))
}

function identifier(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const octets = [first * 40 + second, ...rest.flatMap(base128)]
  return element(0x06, Buffer.from(octets))
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift((left & 0x7f) | 0x80)
  return digits
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts)
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}
