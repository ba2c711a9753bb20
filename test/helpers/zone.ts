import { zoneAsk, type ZoneRecord } from '#engine/net/zone.ts'
import type { Ask, Lookup, RecordType, UnavailableReason, ValueOf } from '#shared/model/lookup.ts'

/** The records of one name: `TXT` as plain strings or as lists of character-strings, `MX` as `10 host`. */
export type ZoneRecords = {
  A?: readonly string[]
  AAAA?: readonly string[]
  CNAME?: string
  MX?: readonly string[]
  NS?: readonly string[]
  TXT?: readonly (string | readonly string[])[]
  SPF?: readonly string[]
  PTR?: readonly string[]
  /** `ns1.example.net hostmaster.example.net 1 3600 600 604800 3600` */
  SOA?: string
  /** `0 issue letsencrypt.org`, the value without quotes. */
  CAA?: readonly string[]
  /** `3 1 1 00ff` */
  TLSA?: readonly string[]
  /** `59409 13 2 00ff` */
  DS?: readonly string[]
  /** `0 1 993 imap.example.com` */
  SRV?: readonly string[]
  /** `257 3 13 AAEC` */
  DNSKEY?: readonly string[]
  /** The resolver vouches for the records of this name. */
  authenticated?: boolean
  /** Any question for this name gets no usable answer. */
  unavailable?: UnavailableReason
}
export type ZoneText = Readonly<Record<string, ZoneRecords>>
export type ZoneCall = { readonly name: string; readonly type: RecordType }
export type Zone = { readonly ask: Ask; readonly calls: ZoneCall[] }
export type ZoneOptions = {
  /** Decides per question; what it returns wins over the records. */
  readonly unavailable?: (call: ZoneCall, index: number) => UnavailableReason | null
}

const server = '127.0.0.1:53'
const ttlS = 300

/**
 * A literal zone that answers as the engine's own zones do (`net/zone.ts`). It is the whole world: a name outside it does
 * not exist. A name with NS or SOA records is a zone of its own. `calls` keeps every question in order.
 */
export function zone(text: ZoneText, options: ZoneOptions = {}): Zone {
  const names = Object.entries(text).map(([name, records]) => ({ name: name.toLowerCase(), records }))
  const answer = zoneAsk(
    {
      zones: ['.', ...names.flatMap(({ name, records }) => (records.NS || records.SOA ? [name] : []))],
      records: names.flatMap(({ name, records }) =>
        written.flatMap(type =>
          valuesOf(records, type).map(value => ({ name, type, ttlS, value }) as ZoneRecord),
        ),
      ),
      others: names.map(({ name }) => ({ name, type: 'any' })),
      silent: names.flatMap(({ name, records }) =>
        records.unavailable === undefined ? [] : [{ name, type: null, reason: records.unavailable }],
      ),
    },
    server,
    { negativeTtlS: ttlS },
  )
  const vouched = new Set(names.flatMap(({ name, records }) => (records.authenticated ? [name] : [])))
  const calls: ZoneCall[] = []
  const ask: Ask = async <T extends RecordType>(name: string, type: T): Promise<Lookup<T>> => {
    const call = { name, type }
    const index = calls.push(call) - 1
    const off = options.unavailable?.(call, index) ?? null
    if (off !== null) return { name, type, state: 'unavailable', reason: off, server, detail: null }
    const lookup = await answer(name, type)
    if (lookup.state !== 'found') return lookup
    const end = lookup.aliases.at(-1) ?? name.toLowerCase().replace(/(?<=.)\.$/, '')
    return { ...lookup, authenticated: vouched.has(end) }
  }
  return { ask, calls }
}

const written = [
  'A',
  'AAAA',
  'NS',
  'CNAME',
  'PTR',
  'SOA',
  'SPF',
  'TXT',
  'MX',
  'CAA',
  'TLSA',
  'DS',
  'DNSKEY',
  'SRV',
] as const

function valuesOf<T extends RecordType>(records: ZoneRecords, type: T): ValueOf[T][] {
  const read: Partial<{ [K in RecordType]: () => ValueOf[K][] }> = {
    A: () => [...(records.A ?? [])],
    AAAA: () => [...(records.AAAA ?? [])],
    NS: () => [...(records.NS ?? [])],
    CNAME: () => (records.CNAME === undefined ? [] : [records.CNAME.toLowerCase()]),
    PTR: () => [...(records.PTR ?? [])],
    SOA: () => (records.SOA === undefined ? [] : [soaOf(records.SOA)]),
    CAA: () =>
      (records.CAA ?? []).map(text => {
        const [flags = '0', tag = '', ...value] = text.split(' ')
        return { flags: Number(flags), tag, value: value.join(' ') }
      }),
    TLSA: () =>
      (records.TLSA ?? []).map(text => {
        const [usage, selector, matchingType, certificateHex = ''] = text.split(' ')
        return {
          usage: Number(usage),
          selector: Number(selector),
          matchingType: Number(matchingType),
          certificateHex,
        }
      }),
    DS: () =>
      (records.DS ?? []).map(text => {
        const [keyTag, algorithm, digestType, digestHex = ''] = text.split(' ')
        return {
          keyTag: Number(keyTag),
          algorithm: Number(algorithm),
          digestType: Number(digestType),
          digestHex,
        }
      }),
    DNSKEY: () =>
      (records.DNSKEY ?? []).map(text => {
        const [flags, , algorithm, keyBase64 = ''] = text.split(' ')
        return { flags: Number(flags), algorithm: Number(algorithm), keyBase64 }
      }),
    SRV: () =>
      (records.SRV ?? []).map(text => {
        const [priority, weight, port, target = ''] = text.split(' ')
        return { priority: Number(priority), weight: Number(weight), port: Number(port), target }
      }),
    SPF: () => (records.SPF ?? []).map(text => ({ strings: [text] })),
    TXT: () => (records.TXT ?? []).map(value => ({ strings: typeof value === 'string' ? [value] : value })),
    MX: () =>
      (records.MX ?? []).map(value => {
        const [preference = '0', exchange = ''] = value.split(' ')
        return {
          preference: Number(preference),
          exchange: exchange === '.' ? '.' : exchange.replace(/\.$/, ''),
        }
      }),
  }
  return (read[type]?.() ?? []) as ValueOf[T][]
}

function soaOf(text: string): ValueOf['SOA'] {
  const [mname = '', rname = '', ...numbers] = text.split(' ')
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number)
  return { mname, rname, serial, refresh, retry, expire, minimum }
}
