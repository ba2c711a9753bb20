import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

export type Gate = {
  /** The secret of the printed address, good as long as this host runs. */
  readonly token: string
  readonly cookieName: string
  /** Whether the request names this host, and not a name that some other site points at 127.0.0.1. */
  isForUs(headers: RequestHeaders): boolean
  /** Whether the page that asks is our own. */
  isFromUs(headers: RequestHeaders): boolean
  /** Exchanges the token for a session of its own; null when it is wrong, `wait` after too many wrong ones. */
  openSession(token: string): { cookie: string } | 'wait' | null
  hasSession(headers: RequestHeaders): boolean
}

const sessionsKept = 64
const wrongTokensInWindow = 20
const wrongTokenWindowMs = 60_000

/** Who may come in: decides from headers alone. `listen` is the address the host was told to listen on. */
export function createGate({ port, listen, now }: { port: number; listen: string; now: () => number }): Gate {
  const token = randomBytes(32).toString('base64url')
  // Cookies are not kept apart by port, so hosts on two ports need two names.
  const cookieName = `rookery-${port}`
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', listen.includes(':') ? `[${listen}]` : listen])
  const hosts = new Set([...names].map(name => `${name}:${port}`))
  // Browsers leave the default port out.
  if (port === 80) for (const name of names) hosts.add(name)
  /** Digests, so that neither a memory dump of this set nor the time of a comparison gives a cookie away. */
  const sessions = new Set<string>()
  let wrong = { since: 0, count: 0 }

  const isForUs = (headers: RequestHeaders) =>
    typeof headers.host === 'string' && hosts.has(headers.host.toLowerCase())

  return {
    token,
    cookieName,
    isForUs,
    isFromUs: headers =>
      isForUs(headers) &&
      typeof headers.host === 'string' &&
      typeof headers.origin === 'string' &&
      headers.origin.toLowerCase() === `http://${headers.host.toLowerCase()}`,
    openSession(offered) {
      if (now() - wrong.since > wrongTokenWindowMs) wrong = { since: now(), count: 0 }
      if (wrong.count >= wrongTokensInWindow) return 'wait'
      if (!isSame(offered, token)) {
        wrong.count++
        return null
      }
      const value = randomBytes(32).toString('base64url')
      sessions.add(digest(value))
      for (const oldest of sessions) {
        if (sessions.size <= sessionsKept) break
        sessions.delete(oldest)
      }
      return { cookie: `${cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/` }
    },
    hasSession(headers) {
      const value = readCookie(headers.cookie, cookieName)
      return value !== null && sessions.has(digest(value))
    },
  }
}

function readCookie(header: string | string[] | undefined, name: string): string | null {
  if (typeof header !== 'string') return null
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

function isSame(offered: string, expected: string): boolean {
  return timingSafeEqual(sha256(offered), sha256(expected))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
const digest = (text: string) => sha256(text).toString('base64url')
