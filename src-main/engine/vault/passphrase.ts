import { createHash, randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import { z } from 'zod'
import { fail, ok, type Result } from '#shared/failure.ts'
import { passphraseLeastCharacters } from '#shared/model/vault-values.ts'
import { dataKeyBytes, seal, unseal } from './seal.ts'

export type PassphraseCost = { readonly N: number; readonly r: number; readonly p: number }

/** 128 MiB and about half a second on a small machine; decision 14 says why, and why scrypt. */
export const passphraseCost: PassphraseCost = { N: 2 ** 17, r: 8, p: 1 }

/** What a data file may ask for: 1 GiB at most, and no cost that is none. */
const sealedKeySchema = z.object({
  kdf: z.literal('scrypt'),
  N: z
    .number()
    .int()
    .min(2 ** 10)
    .max(2 ** 20)
    .refine(value => Number.isInteger(Math.log2(value))),
  r: z.number().int().min(1).max(8),
  p: z.number().int().min(1).max(4),
  salt: z.base64(),
  sealed: z.base64(),
  /** Tells a damaged record from a wrong passphrase. */
  sum: z.string(),
})
type SealedKey = z.infer<typeof sealedKeySchema>

/** Refuses what is too short to withstand trying. Counted in characters as a person sees them, more or less. */
export function checkPassphrase(passphrase: string): Result<null, 'vault-passphrase-short'> {
  return [...passphrase.normalize('NFKC')].length >= passphraseLeastCharacters
    ? ok(null)
    : fail('vault-passphrase-short', { least: passphraseLeastCharacters })
}

/** Seals a data key under a passphrase with a fresh salt (scrypt, RFC 7914); the text stands in the data file. */
export async function sealKey(
  dataKey: Uint8Array,
  passphrase: string,
  identity: string,
  cost: PassphraseCost,
): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(passphrase, salt, cost)
  const sealed = seal(key, dataKey, identity)
  key.fill(0)
  const parts = { kdf: 'scrypt' as const, ...cost, salt: base64(salt), sealed: base64(sealed) }
  return JSON.stringify({ ...parts, sum: sumOf(parts) } satisfies SealedKey)
}

/**
 * Opens what `sealKey` made. `vault-wrong-passphrase` when it is another one; `vault-damaged` when the text was changed
 * or asks for more than a bounded cost.
 */
export async function openKey(
  text: string,
  passphrase: string,
  identity: string,
): Promise<Result<Uint8Array, 'vault-wrong-passphrase' | 'vault-damaged'>> {
  const parsed = sealedKeySchema.safeParse(jsonOf(text))
  if (!parsed.success || parsed.data.sum !== sumOf(parsed.data)) return fail('vault-damaged')
  const { salt, sealed, N, r, p } = parsed.data
  const key = await derive(passphrase, Buffer.from(salt, 'base64'), { N, r, p })
  const opened = unseal(key, Buffer.from(sealed, 'base64'), identity)
  key.fill(0)
  return opened.ok ? opened : fail('vault-wrong-passphrase', {}, 'now')
}

function derive(passphrase: string, salt: Uint8Array, cost: PassphraseCost): Promise<Buffer> {
  // The same letters typed on another system may come in another form.
  const octets = Buffer.from(passphrase.normalize('NFKC'), 'utf8')
  const options: ScryptOptions = { ...cost, maxmem: 2 * 128 * cost.N * cost.r }
  return new Promise((resolve, reject) => {
    scrypt(octets, salt, dataKeyBytes, options, (error, key) => {
      octets.fill(0)
      if (error) reject(error)
      else resolve(key)
    })
  })
}

function sumOf({ kdf, N, r, p, salt, sealed }: Omit<SealedKey, 'sum'>): string {
  return createHash('sha256').update([kdf, N, r, p, salt, sealed].join(' ')).digest('hex')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')
