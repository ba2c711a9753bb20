/** The labels of a host, lower case, without the final dot: made once for a host that many patterns are compared with. */
export function labelsOfHost(host: string): readonly string[] {
  return host.toLowerCase().replace(/\.$/, '').split('.')
}

/**
 * Whether a host is, or stands below, what a pattern names: labels from the right, `*` for any run of characters inside
 * one label, so that `notgoogle.com` is not `google.com`.
 */
export function matchesHost(host: string | readonly string[], pattern: string): boolean {
  return starIn(host, pattern) !== null
}

/** What the first star of a pattern stands for in a host that matches it, empty without a star; null when it does not match. */
export function starIn(host: string | readonly string[], pattern: string): string | null {
  const labels = typeof host === 'string' ? labelsOfHost(host) : host
  const wanted = labelsOfPattern(pattern)
  const above = labels.length - wanted.length
  if (above < 0) return null
  let star: string | null = null
  for (const [index, want] of wanted.entries()) {
    const stands = starInLabel(labels[above + index] ?? '', want)
    if (stands === null) return null
    if (want.includes('*')) star ??= stands
  }
  return star ?? ''
}

const patterns = new Map<string, readonly string[]>()

/** Patterns come from lists of a few hundred and are compared again and again. */
function labelsOfPattern(pattern: string): readonly string[] {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const labels = pattern.split('.')
  patterns.set(pattern, labels)
  return labels
}

function starInLabel(label: string, pattern: string): string | null {
  const at = pattern.indexOf('*')
  if (at < 0) return label === pattern ? '' : null
  const before = pattern.slice(0, at)
  const after = pattern.slice(at + 1)
  const fits =
    label.length >= before.length + after.length && label.startsWith(before) && label.endsWith(after)
  return fits ? label.slice(before.length, label.length - after.length) : null
}
