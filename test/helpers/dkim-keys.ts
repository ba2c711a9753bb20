import { generateKeyPairSync } from 'node:crypto'

const made = new Map<number, string>()

/** The `p=` of a new RSA key of so many bits (SubjectPublicKeyInfo, base64); the same one within a run. */
export function rsaKey(bits: number): string {
  const known = made.get(bits)
  if (known !== undefined) return known
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  made.set(bits, key)
  return key
}

/** A SubjectPublicKeyInfo whose modulus has any number of bits, without the cost of finding primes. */
export function fakeRsaKey(bits: number): string {
  const octets = Math.ceil(bits / 8)
  const modulus = Buffer.alloc(octets, 0xab)
  const topBits = bits % 8 === 0 ? 8 : bits % 8
  modulus[0] = (1 << (topBits - 1)) | 1
  const positive = topBits === 8 ? Buffer.concat([Buffer.from([0]), modulus]) : modulus
  const key = element(0x30, element(0x02, positive), element(0x02, Buffer.from([1, 0, 1])))
  const oid = Buffer.from('06092a864886f70d0101010500', 'hex')
  return element(0x30, element(0x30, oid), element(0x03, Buffer.from([0]), key)).toString('base64')
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}
