import { fail, ok, type Result } from '#shared/failure.ts'

/**
 * Reads a link that the window wants opened: https, the default port, no user, and a host of the list. Anything else is
 * `link-not-allowed` with the `host`, when there is one.
 */
export function readLink(text: string, hosts: readonly string[]): Result<string, 'link-not-allowed'> {
  const url = URL.parse(text)
  if (url === null) return fail('link-not-allowed')
  const plain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  return plain && hosts.includes(url.hostname)
    ? ok(url.href)
    : fail('link-not-allowed', { host: url.hostname })
}
