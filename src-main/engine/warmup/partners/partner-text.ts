import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type PartnerTextProblem, partnerNameSchema, perDaySchema } from '#shared/model/partner.ts'
import { z } from 'zod'

const version = 1
const sealBytes = 32
const lineCharacters = 60
/** Five hundred addresses of full length fit. */
const mostTextCharacters = 300_000

const at = z.number().int().nonnegative()
const number = z.number().int().positive()
const side = z.enum(['inviter', 'invited'])
/** What a mail server can be told as it is: ASCII, unquoted, the domain in A-labels. */
const address = z
  .string()
  .max(254)
  .regex(/^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i)
const publicKey = z.string().regex(/^[\w-]{43}$/)
const offer = {
  v: z.literal(version),
  id: z.uuid(),
  name: partnerNameSchema,
  mailboxes: z
    .array(z.object({ address, provider: z.string().regex(/^[\w.-]{1,40}$/) }))
    .min(1)
    .max(500),
  perDay: perDaySchema,
  madeAt: at,
}

const schemas = {
  invitation: z.object({ ...offer, kind: z.literal('invitation'), key: publicKey, expiresAt: at }),
  answer: z.object({ ...offer, kind: z.literal('answer'), key: publicKey, number }),
  change: z.object({ ...offer, kind: z.literal('change'), by: side, number }),
  end: z.object({
    v: z.literal(version),
    id: z.uuid(),
    kind: z.literal('end'),
    by: side,
    number,
    madeAt: at,
  }),
}
const saidSchema = z.discriminatedUnion('kind', [
  schemas.invitation,
  schemas.answer,
  schemas.change,
  schemas.end,
])

export type Answer = z.infer<typeof schemas.answer>
export type Said = z.infer<typeof saidSchema>

export type PartnerText = {
  readonly said: Said
  /** What was sealed. */
  readonly octets: Uint8Array
  readonly seal: Uint8Array
}

/**
 * A text to hand over: what it says and a seal, in lines that survive a mail program. With a key the seal is HMAC-SHA-256
 * (RFC 2104); an invitation, which comes before there is one, has a checksum that shows what was cut off.
 */
export function writePartnerText(said: Said, key: Uint8Array | null): string {
  const octets = Buffer.from(JSON.stringify(said), 'utf8')
  const body = Buffer.concat([octets, sealOf(octets, key)]).toString('base64')
  const lines = body.match(new RegExp(`.{1,${lineCharacters}}`, 'g')) ?? []
  const name = `ROOKERY ${said.kind.toUpperCase()}`
  return `-----BEGIN ${name}-----\n${lines.join('\n')}\n-----END ${name}-----\n`
}

/** Reads a text with whatever stands around it, quoted or not. Nothing of it is proven but an invitation's checksum. */
export function readPartnerText(
  text: string,
):
  | { readonly ok: true; readonly text: PartnerText }
  | { readonly ok: false; readonly problem: PartnerTextProblem } {
  const unreadable = { ok: false, problem: 'unreadable' } as const
  if (text.length > mostTextCharacters) return unreadable
  const [, body] = /-----BEGIN ROOKERY [A-Z]+-----([\s\S]*?)-----END ROOKERY [A-Z]+-----/.exec(text) ?? []
  if (body === undefined) return unreadable
  const all = Buffer.from(body.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64')
  const octets = all.subarray(0, -sealBytes)
  const seal = all.subarray(-sealBytes)
  const value = jsonOf(octets.toString('utf8'))
  const said = saidSchema.safeParse(value)
  if (!said.success) {
    const other = z.object({ v: z.number() }).safeParse(value)
    return other.success && other.data.v > version ? { ok: false, problem: 'newer' } : unreadable
  }
  const read: PartnerText = { said: said.data, octets, seal }
  return said.data.kind === 'invitation' && !isSealed(read, null) ? unreadable : { ok: true, text: read }
}

/** Whether it was sealed with this key and has not been changed since; compared in constant time. */
export function isSealed({ octets, seal }: PartnerText, key: Uint8Array | null): boolean {
  return seal.length === sealBytes && timingSafeEqual(seal, sealOf(octets, key))
}

function sealOf(octets: Uint8Array, key: Uint8Array | null): Buffer {
  return key === null
    ? createHash('sha256').update(octets).digest()
    : createHmac('sha256', key).update(octets).digest()
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
