import type { RecordType, ValueOf } from '#shared/model/lookup.ts'

/**
 * The presentation form of a value (RFC 1035 §5.1), as a zone file has it after the type, names without the trailing
 * dot. Octets of character-strings outside printable ASCII are `\DDD`, taken from the UTF-8 form of the text.
 */
export function presentValue<T extends RecordType>(type: T, value: ValueOf[T]): string {
  const present: (value: ValueOf[T]) => string = presenters[type]
  return present(value)
}

const asIs = (text: string) => text

const presenters: { readonly [T in RecordType]: (value: ValueOf[T]) => string } = {
  A: asIs,
  AAAA: asIs,
  CNAME: asIs,
  NS: asIs,
  PTR: asIs,
  MX: value => `${value.preference} ${value.exchange}`,
  SOA: value =>
    [value.mname, value.rname, value.serial, value.refresh, value.retry, value.expire, value.minimum].join(
      ' ',
    ),
  TXT: value => value.strings.map(quote).join(' '),
  SPF: value => value.strings.map(quote).join(' '),
  CAA: value => `${value.flags} ${value.tag} ${quote(value.value)}`,
  TLSA: value => `${value.usage} ${value.selector} ${value.matchingType} ${value.certificateHex}`,
  DS: value => `${value.keyTag} ${value.algorithm} ${value.digestType} ${value.digestHex}`,
  // RFC 4034 §2.1.2: the protocol field is always 3.
  DNSKEY: value => `${value.flags} 3 ${value.algorithm} ${value.keyBase64}`,
  SRV: value => `${value.priority} ${value.weight} ${value.port} ${value.target}`,
}

function quote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`
  let escaped = ''
  for (const octet of Buffer.from(text, 'utf8')) {
    if (octet === 0x22 || octet === 0x5c) escaped += `\\${String.fromCharCode(octet)}`
    else if (octet >= 0x20 && octet <= 0x7e) escaped += String.fromCharCode(octet)
    else escaped += `\\${String(octet).padStart(3, '0')}`
  }
  return `"${escaped}"`
}
