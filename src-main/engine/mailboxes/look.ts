import type { Socket } from 'node:net'
import type { ServerAddress } from '#shared/model/connection.ts'
import { readLines } from '../net/lines.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import { askCapabilities, readImapGreeting } from './imap-dialogue.ts'
import type { Look } from './looks.ts'
import type { MailProtocol, TestContext } from './options.ts'
import { destroyed, openSocket } from './reach.ts'
import { secure } from './secure.ts'
import { extensionsOf, readGreeting, sayHello } from './smtp-dialogue.ts'

/**
 * A short look at a server, on a connection of its own that ends with it: whether it answers in the protocol and the mode
 * that is asked about, as far as its capabilities. No login. Fails like the phases it goes through.
 */
export function lookAt(
  protocol: MailProtocol,
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<Look>> {
  return context.looks.run({ protocol, ...server }, context.deadline.signal, () =>
    lookNow(protocol, server, addresses, context),
  )
}

/** Whether something takes connections there. Fails as `openSocket` does. */
export function knock(
  { host, port }: Pick<ServerAddress, 'host' | 'port'>,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<Look>> {
  const question = { protocol: 'tcp', host, port, security: 'plain' } as const
  return context.looks.run(question, context.deadline.signal, async () => {
    const opened = await openSocket('tcp', { host, port }, addresses, context, context.waits.alternativeMs)
    if (!opened.ok) return opened
    await destroyed(opened.value)
    return done({ offersStartTls: false })
  })
}

async function lookNow(
  protocol: MailProtocol,
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<Look>> {
  const waitMs = context.waits.alternativeMs
  const short: TestContext = { ...context, waits: { ...context.waits, replyMs: waitMs } }
  const opened = await openSocket(protocol, server, addresses, short, waitMs)
  if (!opened.ok) return opened
  let socket: Socket = opened.value
  try {
    if (server.security === 'tls') {
      const secured = await secure(socket, server, short, () => {}, waitMs)
      // A certificate that is refused is an answer in TLS all the same, but no server to be offered.
      if (!secured.ok) return secured
      socket = secured.value.socket
    }
    const offers = await offersOf(protocol, socket, short)
    if (!offers.ok) return offers
    if (server.security === 'starttls' && !offers.value.includes('STARTTLS')) {
      return trouble('tls.starttls-missing')
    }
    return done({ offersStartTls: offers.value.includes('STARTTLS') })
  } finally {
    socket.destroy()
    await destroyed(opened.value)
  }
}

async function offersOf(
  protocol: MailProtocol,
  socket: Socket,
  context: TestContext,
): Promise<Stage<readonly string[]>> {
  const lines = readLines(socket)
  if (protocol === 'smtp') {
    const greeting = await readGreeting(lines, context, context.waits.replyMs)
    if (!greeting.ok) return greeting
    const hello = await sayHello(socket, lines, context)
    return hello.ok ? done(extensionsOf(hello.value)) : hello
  }
  const greeting = await readImapGreeting(lines, context, context.waits.replyMs)
  if (!greeting.ok) return greeting
  return greeting.value.capabilities === null
    ? askCapabilities(socket, lines, context)
    : done(greeting.value.capabilities)
}

/** Whether a refusal of TLS came from a server that speaks TLS: then the certificate, not the mode, was the matter. */
export function spokeTls(code: string): boolean {
  return code.startsWith('tls.cert-') || code === 'tls.protocol-old'
}
