const mtaStsRecordReasons = ['version', 'id-missing', 'id-invalid', 'syntax'] as const
export type MtaStsRecordReason = (typeof mtaStsRecordReasons)[number]

export type MtaStsRecord =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: MtaStsRecordReason }

/** Whether a text is meant as the TXT record of MTA-STS: others at the same name are skipped (RFC 8461 §3.1). */
export function isMtaSts(text: string): boolean {
  return /^\s*["']?\s*v\s*=\s*STSv1/i.test(text)
}

/** Reads the TXT record at `_mta-sts` (RFC 8461 §3.1): `v=STSv1; id=` with 1 to 32 letters and digits. */
export function parseMtaSts(text: string): MtaStsRecord {
  if (!/^v=STSv1[ \t]*(?:;|$)/.test(text)) return { ok: false, reason: 'version' }
  const fields = text
    .split(';')
    .slice(1)
    .map(field => field.trim())
  const read = fields
    .filter(field => field !== '')
    .map(field => /^([A-Za-z0-9][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(\S*)$/.exec(field))
  if (read.includes(null)) return { ok: false, reason: 'syntax' }
  const id = read.find(field => field?.[1] === 'id')?.[2]
  if (id === undefined) return { ok: false, reason: 'id-missing' }
  return /^[A-Za-z0-9]{1,32}$/.test(id) ? { ok: true, id } : { ok: false, reason: 'id-invalid' }
}

const mtaStsPolicyReasons = ['version', 'mode', 'max-age', 'mx-missing', 'mx-invalid', 'syntax'] as const
export type MtaStsPolicyReason = (typeof mtaStsPolicyReasons)[number]

const mtaStsModes = ['enforce', 'testing', 'none'] as const
export type MtaStsMode = (typeof mtaStsModes)[number]

export type MtaStsPolicy = {
  /** Null when the key is missing or has another value. */
  readonly mode: MtaStsMode | null
  readonly maxAgeS: number | null
  /** Patterns, lower case: a host, or `*.` and a domain. */
  readonly mx: readonly string[]
  /** What makes the policy void, in the order of the lines. */
  readonly errors: readonly { readonly reason: MtaStsPolicyReason; readonly line: string }[]
}

/** RFC 8461 §3.2: at most one year and a quarter of a day. */
const longestAgeS = 31_557_600

/** Reads the policy file (RFC 8461 §3.2): lines `key: value`, the first of each key counting, `mx` as often as needed. Never throws. */
export function parseMtaStsPolicy(text: string): MtaStsPolicy {
  const errors: { reason: MtaStsPolicyReason; line: string }[] = []
  const fields = new Map<string, string>()
  const mx: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const [, key, value] = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (key === undefined || value === undefined) errors.push({ reason: 'syntax', line })
    else if (key !== 'mx') fields.set(key, fields.get(key) ?? value)
    else if (isPattern(value)) mx.push(value.toLowerCase())
    else errors.push({ reason: 'mx-invalid', line })
  }
  const line = (key: string) => (fields.has(key) ? `${key}: ${fields.get(key)}` : '')
  if (fields.get('version') !== 'STSv1') errors.push({ reason: 'version', line: line('version') })
  const mode = mtaStsModes.find(one => one === fields.get('mode')) ?? null
  if (mode === null) errors.push({ reason: 'mode', line: line('mode') })
  const age = fields.get('max_age') ?? ''
  const maxAgeS = /^\d{1,10}$/.test(age) && Number(age) <= longestAgeS ? Number(age) : null
  if (maxAgeS === null) errors.push({ reason: 'max-age', line: line('max_age') })
  if (mx.length === 0 && mode !== 'none') errors.push({ reason: 'mx-missing', line: '' })
  return { mode, maxAgeS, mx, errors }
}

function isPattern(text: string): boolean {
  return /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i.test(text)
}

/** Whether a pattern covers a mail server: `*.` stands for exactly one label on the left (RFC 8461 §4.1). */
export function coversHost(pattern: string, host: string): boolean {
  const plain = host.toLowerCase().replace(/\.$/, '')
  if (!pattern.startsWith('*.')) return pattern === plain
  const dot = plain.indexOf('.')
  return dot > 0 && plain.slice(dot + 1) === pattern.slice(2)
}
