import type { ConnectionAlternative, ConnectionFailureCode, ServerAddress } from '#shared/model/connection.ts'
import type { Stage } from '../net/trouble.ts'
import { knock, lookAt } from './look.ts'
import type { MailProtocol, TestContext } from './options.ts'
import { findAddresses } from './reach.ts'

/** Failures that another port or another mode may get around. */
const helped: ReadonlySet<ConnectionFailureCode> = new Set([
  'net.refused',
  'net.timeout',
  'net.reset',
  'net.closed',
  'net.silent',
  'net.captive-or-proxy',
  'net.wrong-protocol',
  'net.port-blocked',
  'tls.wrong-mode',
  'tls.starttls-missing',
  'tls.starttls-refused',
  'tls.handshake-failed',
  'tls.plain-not-allowed',
  'auth.not-offered',
  'auth.encryption-required',
])

export type Alternatives = {
  readonly offered: readonly ConnectionAlternative[]
  /** The known host that is as silent as this one while a web page answers: something in between blocks mail. */
  readonly alsoSilent: string | null
}

const none: Alternatives = { offered: [], alsoSilent: null }

/**
 * Tries the other usual ports of the host, and the tried port in its other modes, briefly and all at once; no login.
 * Plain connections are never offered.
 */
export async function findAlternatives(
  protocol: MailProtocol,
  tried: ServerAddress,
  failure: ConnectionFailureCode,
  context: TestContext,
): Promise<Alternatives> {
  if (!helped.has(failure) || context.deadline.signal.aborted) return none
  const addresses = await findAddresses(tried, context)
  if (!addresses.ok) return none
  const reachable = failure !== 'net.refused' && failure !== 'net.timeout'
  const others = context.ports[protocol].map(({ port, security }) => ({ host: tried.host, port, security }))
  const modes = (['tls', 'starttls'] as const).map(security => ({ ...tried, security }))
  const candidates = [...(reachable ? modes : []), ...others].filter(
    (one, index, all) =>
      !(one.port === tried.port && one.security === tried.security) &&
      all.findIndex(other => other.port === one.port && other.security === one.security) === index,
  )
  const looks = await Promise.all(
    candidates.map(async server => ({
      server,
      look: await lookAt(protocol, server, addresses.value, context),
    })),
  )
  const offered = looks
    .filter(({ look }) => look.ok)
    .map(
      ({ server }): ConnectionAlternative => ({
        [protocol]: server,
        why: server.port === tried.port ? 'other-mode' : 'answered',
      }),
    )
  const allSilent = failure === 'net.timeout' && looks.every(({ look }) => timedOut(look))
  if (!allSilent) return { offered, alsoSilent: null }
  return { offered, alsoSilent: await silentKnownHost(protocol, tried.host, addresses.value, context) }
}

function timedOut(look: Stage<unknown>): boolean {
  return !look.ok && look.trouble.code === 'net.timeout'
}

/**
 * The known host whose mail ports are silent too, while a web page answers, of the tried host or of a known one. Null
 * when the network lets mail through, nothing at all gets through, or there is nothing to compare with.
 */
async function silentKnownHost(
  protocol: MailProtocol,
  triedHost: string,
  addresses: readonly string[],
  context: TestContext,
): Promise<string | null> {
  const known = context.knownHosts?.[protocol].filter(({ host }) => host !== triedHost.toLowerCase()) ?? []
  const [first] = known
  if (first === undefined) return null
  const knockAt = async (place: { host: string; port: number }): Promise<Stage<unknown>> => {
    const found = await findAddresses(place, context)
    return found.ok ? knock(place, found.value, context) : found
  }
  const [mail, web] = await Promise.all([
    Promise.all(known.map(knockAt)),
    Promise.all([
      knock({ host: triedHost, port: context.ports.web }, addresses, context),
      ...(context.knownHosts?.web ?? []).map(knockAt),
    ]),
  ])
  return mail.every(timedOut) && web.some(({ ok }) => ok) ? first.host : null
}
