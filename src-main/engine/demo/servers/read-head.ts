/** The header block of a message, with the empty line that ends it (RFC 5322 §2.1). */
export function headOf(raw: Buffer): Buffer {
  const end = raw.indexOf('\r\n\r\n')
  return end < 0 ? raw : raw.subarray(0, end + 4)
}

/** The first value of each header, unfolded, names in lower case. */
export function readHead(raw: Buffer): Map<string, string> {
  const headers = new Map<string, string>()
  const unfolded = headOf(raw)
    .toString('utf8')
    .replace(/\r\n[ \t]+/g, ' ')
  for (const line of unfolded.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}
