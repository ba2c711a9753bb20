export type ZoneTextRecord = { readonly name: string; readonly type: string; readonly value: string }

/** Reads what `zoneText` writes, by RFC 1035 §5.1: one record a line, names against $ORIGIN, strings with escapes. */
export function readZoneText(text: string): { records: ZoneTextRecord[]; strings: Uint8Array[] } {
  let origin = ''
  const records: ZoneTextRecord[] = []
  const strings: Uint8Array[] = []
  const full = (name: string) =>
    name === '@' ? origin : name.endsWith('.') ? name.slice(0, -1) : `${name}.${origin}`
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(';') || line.startsWith('$TTL')) continue
    if (line.startsWith('$ORIGIN ')) {
      origin = line.slice('$ORIGIN '.length).replace(/\.$/, '')
      continue
    }
    const [, name = '', type = '', data = ''] = /^(\S+)\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (type === 'TXT') {
      const parts = [...data.matchAll(/"((?:[^"\\]|\\\d{3}|\\.)*)"/g)].map(match => octets(match[1] ?? ''))
      strings.push(...parts)
      records.push({ name: full(name), type, value: Buffer.concat(parts).toString('utf8') })
    } else if (type === 'MX') {
      const [preference = '', host = ''] = data.split(' ')
      records.push({ name: full(name), type, value: `${preference} ${host === '.' ? '.' : full(host)}` })
    } else records.push({ name: full(name), type, value: full(data) })
  }
  return { records, strings }
}

function octets(text: string): Uint8Array {
  const read = text.matchAll(/\\(\d{3})|\\(.)|([^\\])/gs)
  return Buffer.concat(
    [...read].map(([, code, escaped, plain]) =>
      code === undefined ? Buffer.from(escaped ?? plain ?? '') : Buffer.from([Number(code)]),
    ),
  )
}
