import type { MailboxReason } from '#shared/model/mailbox.ts'

/** So many re-checks in a row that did not come as far as the login ask for a person. */
const troublesBeforeAlert = 3

/** What a network of one's own causes as well: alone it says nothing about the server. */
const ofOwnNetwork: ReadonlySet<MailboxReason['code']> = new Set<MailboxReason['code']>([
  'dns.not-found',
  'dns.timeout',
  'dns.failed',
  'net.timeout',
  'net.unreachable',
  'net.reset',
  'net.port-blocked',
  'net.captive-or-proxy',
  'net.silent',
  'tls.cert-not-yet-valid',
  'tls.cert-untrusted',
  'tls.cert-intercepted',
])

/** Tells a server that cannot be used from a network that is away. */
export type OutOfReach = {
  /** A mail server answered a mailbox: the network is there. */
  reached(id: string, now: number): void
  /** A re-check did not come as far as the login, so many in a row; true when a person should hear of it. */
  missed(id: string, troubles: number, code: MailboxReason['code'], now: number): boolean
}

/**
 * What may come from the network here counts against a server only when another mailbox reached its own since the last
 * try: otherwise a night without a network would be an alert about every server. Kept in memory: after a start it takes
 * one try more.
 */
export function createOutOfReach(): OutOfReach {
  let reachedAt = Number.NEGATIVE_INFINITY
  const missedAt = new Map<string, number>()
  return {
    reached: (id, now) => {
      reachedAt = now
      missedAt.delete(id)
    },
    missed: (id, troubles, code, now) => {
      const before = missedAt.get(id) ?? Number.POSITIVE_INFINITY
      missedAt.set(id, now)
      return troubles >= troublesBeforeAlert && (!ofOwnNetwork.has(code) || reachedAt > before)
    },
  }
}
