import { z } from 'zod'

/** Record types the resolver can ask for and read (RFC 1035, 2782, 3596, 4034, 6698, 8659; SPF is the retired type 99). */
export const recordTypes = [
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'TXT',
  'SPF',
  'CAA',
  'TLSA',
  'DS',
  'DNSKEY',
  'SRV',
] as const
export type RecordType = (typeof recordTypes)[number]

export type MxValue = { readonly preference: number; readonly exchange: string }
export type SoaValue = {
  readonly mname: string
  readonly rname: string
  readonly serial: number
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  readonly minimum: number
}
export type CaaValue = { readonly flags: number; readonly tag: string; readonly value: string }
export type TlsaValue = {
  readonly usage: number
  readonly selector: number
  readonly matchingType: number
  readonly certificateHex: string
}
export type DsValue = {
  readonly keyTag: number
  readonly algorithm: number
  readonly digestType: number
  readonly digestHex: string
}
/** A service and where it is offered (RFC 2782); the target `.` says that it is not. */
export type SrvValue = {
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: string
}
export type DnskeyValue = { readonly flags: number; readonly algorithm: number; readonly keyBase64: string }

/**
 * A TXT record as published: its character-strings, each at most 255 octets (RFC 1035 §3.3.14). Most readers
 * want `joinTxt`. Octets are decoded as UTF-8 when they are valid UTF-8 and as Latin-1 otherwise, so nothing is lost.
 */
export type TxtValue = { readonly strings: readonly string[] }

export type ValueOf = {
  A: string
  AAAA: string
  CNAME: string
  NS: string
  PTR: string
  MX: MxValue
  SOA: SoaValue
  TXT: TxtValue
  SPF: TxtValue
  CAA: CaaValue
  TLSA: TlsaValue
  DS: DsValue
  DNSKEY: DnskeyValue
  SRV: SrvValue
}

export function joinTxt(value: TxtValue): string {
  return value.strings.join('')
}

/** Why a question got no usable answer. None of these says anything about whether the record exists. */
export const unavailableReasons = [
  'timeout',
  'servfail',
  'refused',
  'not-implemented',
  'format-error',
  'other-rcode',
  'malformed',
  'mismatched',
  'too-large',
  'cname-loop',
  'network-unreachable',
  'connection-refused',
  'connection-reset',
  'no-server',
  'port-blocked',
  'not-asked',
  'cancelled',
  // offline: the files that stand in for the DNS do not say
  'not-in-zone',
  'zone-unreadable',
  'not-in-snapshot',
] as const
export type UnavailableReason = (typeof unavailableReasons)[number]

type Asked<T extends RecordType> = { readonly name: string; readonly type: T }

/** The records exist. `ttlS` is the smallest remaining TTL in seconds; `aliases` the CNAME chain followed, in order. */
export type Found<T extends RecordType> = Asked<T> & {
  readonly state: 'found'
  readonly values: readonly ValueOf[T][]
  readonly ttlS: number
  readonly server: string
  readonly aliases: readonly string[]
  /** The resolver vouches for DNSSEC (AD bit, RFC 4035 §3.2.3). */
  readonly authenticated: boolean
  /** The server holds the zone itself (AA bit, RFC 1035 §4.1.1); asked for when a nameserver is asked directly. */
  readonly authoritative?: boolean
}
/** The server says there is none: the name does not exist, or it has no record of this type (RFC 2308 §2). */
export type Absent<T extends RecordType> = Asked<T> & {
  readonly state: 'absent'
  readonly reason: 'nxdomain' | 'nodata'
  readonly ttlS: number
  readonly server: string
  readonly aliases: readonly string[]
  readonly authenticated: boolean
  readonly authoritative?: boolean
}
/** A server that does not hold the zone named those that do (RFC 1034 §4.3.2). */
export type Referral = { readonly zone: string; readonly hosts: readonly string[] }
/** Could not look. `server` is the last one asked; `detail` its own words, when it had any. */
export type Unavailable<T extends RecordType> = Asked<T> & {
  readonly state: 'unavailable'
  readonly reason: UnavailableReason
  readonly server: string | null
  readonly detail: string | null
  readonly referral?: Referral
}
export type Lookup<T extends RecordType = RecordType> = Found<T> | Absent<T> | Unavailable<T>

/** Asks one question; the only way a check reaches the DNS, so a literal zone can stand in for it. */
export type Ask = <T extends RecordType>(name: string, type: T) => Promise<Lookup<T>>

/** Asks one nameserver, by its IP address, and no other. Aliases are followed at that server alone. */
export type AskAt = <T extends RecordType>(address: string, name: string, type: T) => Promise<Lookup<T>>

export const lookupStateSchema = z.enum(['found', 'absent', 'unavailable'])
export type LookupState = z.infer<typeof lookupStateSchema>

const name = z.string().max(1_100)
const octet = z.number().int().min(0).max(0xff)
const word = z.number().int().min(0).max(0xffff)
const long = z.number().int().min(0).max(0xffff_ffff)
const txtValueSchema = z.object({ strings: z.array(z.string().max(65_535)).min(1).max(1_000) })

/** What a value of each type must look like where it comes from a file. */
export const valueSchemas: { readonly [T in RecordType]: z.ZodType<ValueOf[T]> } = {
  A: name,
  AAAA: name,
  CNAME: name,
  NS: name,
  PTR: name,
  MX: z.object({ preference: word, exchange: name }),
  SOA: z.object({
    mname: name,
    rname: name,
    serial: long,
    refresh: long,
    retry: long,
    expire: long,
    minimum: long,
  }),
  TXT: txtValueSchema,
  SPF: txtValueSchema,
  CAA: z.object({ flags: octet, tag: z.string().max(255), value: z.string().max(65_535) }),
  TLSA: z.object({
    usage: octet,
    selector: octet,
    matchingType: octet,
    certificateHex: z.string().max(131_070),
  }),
  DS: z.object({ keyTag: word, algorithm: octet, digestType: octet, digestHex: z.string().max(1_024) }),
  DNSKEY: z.object({ flags: word, algorithm: octet, keyBase64: z.string().max(8_192) }),
  SRV: z.object({ priority: word, weight: word, port: word, target: name }),
}

/**
 * One question and its answer as kept in an audit report: `values` in presentation form (RFC 1035 §5.1) for people, and
 * in `data`, `authenticated` and `detail` what else it takes to give the same answer again from a snapshot.
 */
export const rawAnswerSchema = z.object({
  name: z.string(),
  type: z.enum(recordTypes),
  state: lookupStateSchema,
  reason: z.string().nullable(),
  values: z.array(z.string()),
  ttlS: z.number().int().nullable(),
  server: z.string().nullable(),
  aliases: z.array(z.string()),
  tookMs: z.number(),
  /** The nameserver that was asked directly, an IP address; left out for the resolver. */
  at: z.string().optional(),
  /** Of such an answer: whether that nameserver holds the zone, or whom it named instead. */
  authoritative: z.boolean().optional(),
  referral: z.object({ zone: z.string(), hosts: z.array(z.string()) }).optional(),
  /** None of the required checks asked it, so the audit is complete without. */
  optional: z.literal(true).optional(),
  /** The values as they were read, in the order of `values`. */
  data: z.array(z.union(Object.values(valueSchemas))).default([]),
  authenticated: z.boolean().default(false),
  detail: z.string().nullable().default(null),
})
export type RawAnswer = z.infer<typeof rawAnswerSchema>
