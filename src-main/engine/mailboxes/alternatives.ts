import type { ConnectionAlternative, ConnectionFailureCode, ServerAddress } from '#shared/model/connection.ts'
import type { Stage } from '../net/trouble.ts'
import { lookAt } from './look.ts'
import type { MailProtocol, TestContext } from './options.ts'
import { findAddresses, openSocket } from './reach.ts'

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
  /** Every usual mail port of the host is silent while its web port answers: something in between blocks them. */
  readonly isBlocked: boolean
}

const none: Alternatives = { offered: [], isBlocked: false }

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
  const allSilent = failure === 'net.timeout' && looks.length > 0 && looks.every(({ look }) => timedOut(look))
  return { offered, isBlocked: allSilent && (await webAnswers(tried, addresses.value, context)) }
}

function timedOut(look: Stage<unknown>): boolean {
  return !look.ok && look.trouble.code === 'net.timeout'
}

async function webAnswers(
  { host }: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<boolean> {
  const opened = await openSocket(
    'tcp',
    { host, port: context.ports.web },
    addresses,
    context,
    context.waits.alternativeMs,
  )
  if (opened.ok) opened.value.destroy()
  return opened.ok
}
