const bimiReasons = ['version', 'logo-missing', 'logo-not-https', 'certificate-not-https', 'syntax'] as const
export type BimiReason = (typeof bimiReasons)[number]

export type BimiRecord =
  /** `logo` is null when the domain says it wants none; `certificate` when it names none. */
  | { readonly ok: true; readonly logo: string | null; readonly certificate: string | null }
  | { readonly ok: false; readonly reason: BimiReason }

/** Whether a text is meant as an assertion record of BIMI. */
export function isBimi(text: string): boolean {
  return /^\s*["']?\s*v\s*=\s*BIMI1/i.test(text)
}

/** Reads the TXT record at `default._bimi` (draft-brand-indicators-for-message-identification §4.2): `v=BIMI1; l=; a=`. */
export function parseBimi(text: string): BimiRecord {
  if (!/^v=BIMI1[ \t]*(?:;|$)/.test(text)) return { ok: false, reason: 'version' }
  const tags = new Map<string, string>()
  for (const field of text.split(';').slice(1)) {
    if (field.trim() === '') continue
    const [, name, value] = /^\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(.*?)\s*$/.exec(field) ?? []
    if (name === undefined || value === undefined) return { ok: false, reason: 'syntax' }
    tags.set(name.toLowerCase(), tags.get(name.toLowerCase()) ?? value)
  }
  const logo = tags.get('l')
  const certificate = tags.get('a') ?? ''
  if (logo === undefined) return { ok: false, reason: 'logo-missing' }
  if (logo !== '' && !isHttps(logo)) return { ok: false, reason: 'logo-not-https' }
  if (certificate !== '' && !isHttps(certificate)) return { ok: false, reason: 'certificate-not-https' }
  return { ok: true, logo: logo === '' ? null : logo, certificate: certificate === '' ? null : certificate }
}

function isHttps(text: string): boolean {
  return /^https:\/\/[^\s;]+$/i.test(text)
}

const logoReasons = [
  'not-svg',
  'profile',
  'version',
  'title-missing',
  'position',
  'script',
  'external',
  'not-square',
  'too-large',
] as const
export type LogoReason = (typeof logoReasons)[number]

const largestOctets = 32_768

/**
 * What keeps a logo from being shown (draft-svg-tiny-ps-abrotman): SVG Tiny PS 1.2, a title, no position on the root, no
 * script, nothing from elsewhere, a square view box, at most 32 KiB. Worst first; reads the text, draws nothing.
 */
export function logoProblems(svg: string): LogoReason[] {
  const root = /<svg\b([^>]*)>/i.exec(svg)?.[1]
  if (root === undefined) return ['not-svg']
  const attribute = (name: string) =>
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(root)?.[1]
  const box = (attribute('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [, , width = 0, height = 0] = box
  const problems: readonly (readonly [LogoReason, boolean])[] = [
    ['script', /<script\b/i.test(svg) || /\son[a-z]+\s*=/i.test(svg)],
    [
      'external',
      /(?:xlink:)?href\s*=\s*["'](?!#)/i.test(svg) ||
        /<(?:image|foreignObject|use\s[^>]*https?:)\b/i.test(svg),
    ],
    ['profile', attribute('baseProfile') !== 'tiny-ps'],
    ['version', attribute('version') !== '1.2'],
    ['title-missing', !/<title\b[^>]*>\s*[^<\s]/i.test(svg)],
    ['position', attribute('x') !== undefined || attribute('y') !== undefined],
    ['not-square', box.length !== 4 || width <= 0 || width !== height],
    ['too-large', octetsOf(svg) > largestOctets],
  ]
  return problems.flatMap(([reason, isWrong]) => (isWrong ? [reason] : []))
}

/** Octets of the text in UTF-8. */
function octetsOf(text: string): number {
  let octets = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    octets += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return octets
}
