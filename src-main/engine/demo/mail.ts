import { fail } from '#shared/failure.ts'
import type { ConnectionSettings, ServerAddress } from '#shared/model/connection.ts'
import { type MakeMailReach, networkMailWith, noMail } from '../mailboxes/mail-reach.ts'
import type { MailHandle, MailWorld } from '../net/mail-world.ts'
import { createNetworkLog } from '../net/network-log.ts'
import type { Clock } from '../platform.ts'
import type { DemoServers } from './servers/mail-servers.ts'

/** The host name of the demo's servers, which its zone file answers with this machine. */
export const demoMailHost = 'mail.demo-dns.example'

/** Counts what is under way in a mail world. */
export type Busy = { count: number }

/**
 * Mail that reaches the servers of the demo and no other: they are spoken to over the loopback as any server is, and every
 * other address ends at the first step. Such contacts leave no trace in the network log, because nothing left the process.
 */
export function demoMail(servers: DemoServers, clock: Clock, busy: Busy): MakeMailReach {
  const isOurs = ({ host, port }: ServerAddress) =>
    host === demoMailHost && [servers.smtpPort, servers.imapPort].includes(port)
  const areOurs = ({ smtp, imap }: Pick<ConnectionSettings, 'smtp' | 'imap'>) =>
    isOurs(smtp.server) && (imap === null || isOurs(imap.server))
  return options => {
    const nobody = noMail(options)
    const networkLog = createNetworkLog({ now: clock.now })
    // There is nowhere else to look for them, and other servers of this machine are none of our business.
    const ports = { smtp: [], imap: [] }
    const ours = networkMailWith({ ports })({ ...options, clock, networkLog })
    return {
      discover: nobody.discover,
      testConnection: (settings, ...rest) =>
        (areOurs(settings) ? ours : nobody).testConnection(settings, ...rest),
      openImap: (settings, ...rest) => (areOurs(settings) ? ours : nobody).openImap(settings, ...rest),
      world: ours.world === null ? null : countedWorld(ours.world, areOurs, busy),
    }
  }
}

function countedWorld(
  world: MailWorld,
  areOurs: (connection: Pick<ConnectionSettings, 'smtp' | 'imap'>) => boolean,
  busy: Busy,
): MailWorld {
  const counted =
    <Asked extends unknown[], Answer>(work: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      busy.count += 1
      try {
        return await work(...asked)
      } finally {
        busy.count -= 1
      }
    }
  const countedHandle = (mail: MailHandle): MailHandle => ({
    find: counted(mail.find),
    findSent: counted(mail.findSent),
    read: counted(mail.read),
    rescue: counted(mail.rescue),
    markRead: counted(mail.markRead),
    file: counted(mail.file),
    tidy: counted(mail.tidy),
  })
  const send = counted(world.send)
  return {
    send: async (access, message, signal) =>
      areOurs(access.connection)
        ? send(access, message, signal)
        : { state: 'failed', reason: 'The demo workspace reaches no server.', offline: true },
    watch: (access, places, events) => {
      if (!areOurs(access.connection)) return unreached(events)
      const watch = world.watch(access, places, {
        ...events,
        onMessage: counted(async (seen, mail) => events.onMessage(seen, countedHandle(mail))),
      })
      return { mail: countedHandle(watch.mail), stop: watch.stop }
    },
  }
}

const away = async () => fail('mailbox-unreachable', { reason: 'dns.failed' }, 'later')

/** A mailbox whose servers are not those of the demo. */
function unreached(events: Parameters<MailWorld['watch']>[2]): ReturnType<MailWorld['watch']> {
  setImmediate(() => events.onState({ kind: 'offline', line: null }))
  return {
    mail: { find: away, findSent: away, read: away, rescue: away, markRead: away, file: away, tidy: away },
    stop: async () => undefined,
  }
}
