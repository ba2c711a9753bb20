/**
 * Whether a host is, or stands below, what a pattern names: labels from the right, `*` for any run of characters inside
 * one label, so that `notgoogle.com` is not `google.com`.
 */
export function matchesHost(host: string, pattern: string): boolean {
  return starIn(host, pattern) !== null
}

/** What the first star of a pattern stands for in a host that matches it, empty without a star; null when it does not match. */
export function starIn(host: string, pattern: string): string | null {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  const wanted = pattern.split('.')
  const own = labels.slice(-wanted.length)
  if (own.length < wanted.length) return null
  let star: string | null = null
  for (const [index, want] of wanted.entries()) {
    const stands = starInLabel(own[index] ?? '', want)
    if (stands === null) return null
    if (want.includes('*')) star ??= stands
  }
  return star ?? ''
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
