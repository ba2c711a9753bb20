const tlsRptReasons = ['version', 'rua-missing', 'address-invalid', 'syntax'] as const
export type TlsRptReason = (typeof tlsRptReasons)[number]

export type TlsRptRecord =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly reason: TlsRptReason; readonly text: string }

/** Whether a text is meant as the record of TLS reporting: others at the same name are skipped (RFC 8460 §3). */
export function isTlsRpt(text: string): boolean {
  return /^\s*["']?\s*v\s*=\s*TLSRPTv1/i.test(text)
}

/** Reads the TXT record at `_smtp._tls` (RFC 8460 §3): `v=TLSRPTv1; rua=` with mailto: and https: addresses. */
export function parseTlsRpt(text: string): TlsRptRecord {
  if (!/^v=TLSRPTv1[ \t]*(?:;|$)/.test(text)) return { ok: false, reason: 'version', text: text.slice(0, 40) }
  const fields = text
    .split(';')
    .slice(1)
    .map(field => field.trim())
    .filter(field => field !== '')
  const broken = fields.find(field => !/^[A-Za-z0-9][A-Za-z0-9_.-]*[ \t]*=/.test(field))
  if (broken !== undefined) return { ok: false, reason: 'syntax', text: broken }
  const rua = fields.find(field => /^rua[ \t]*=/.test(field))
  const addresses = (rua?.slice(rua.indexOf('=') + 1) ?? '').split(',').map(address => address.trim())
  if (rua === undefined || addresses.every(address => address === ''))
    return { ok: false, reason: 'rua-missing', text: rua ?? '' }
  const wrong = addresses.find(address => !isReportAddress(address))
  return wrong === undefined ? { ok: true, addresses } : { ok: false, reason: 'address-invalid', text: wrong }
}

function isReportAddress(text: string): boolean {
  return (
    /^mailto:[^\s@,;!]{1,64}@[a-z0-9.-]+\.[a-z0-9-]{2,63}$/i.test(text) ||
    /^https:\/\/[a-z0-9.-]+\.[a-z0-9-]{2,63}(?:[/:?]\S*)?$/i.test(text)
  )
}
