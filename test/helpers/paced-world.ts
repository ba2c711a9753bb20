import type { MailHandle, MailWorld, SeenMessage } from '#engine/net/mail-world.ts'
import type { Clock } from '#engine/platform.ts'
import { loopbackWorld } from './mail-access.ts'
import type { SmtpRelay } from './smtp-relay.ts'

const usual = { roundMs: 250, turnMs: 250, retryMs: 50, retryMostMs: 500, lingerMs: 100 }

/**
 * The real world, for a time that is played forward: busy while something is on its way, and every arrival dated by that
 * time, because the servers' own clock does not follow it.
 */
export function pacedWorld(relay: Pick<SmtpRelay, 'bounced' | 'busy'> = { bounced: [], busy: () => 0 }): {
  world: (clock: Clock) => MailWorld & { busy(): number }
  readonly told: string[]
} {
  const told: string[] = []
  return {
    told,
    world: clock => {
      const real = loopbackWorld({ watchWaits: usual, sendsPerHost: 12 })
      const arrivedAt = new Map<string, number>()
      const onTheWay = new Set<string>()
      let working = 0
      const dated = (seen: SeenMessage): SeenMessage => {
        const key = seen.messageId ?? `${seen.folder} ${seen.uid}`
        const at = arrivedAt.get(key) ?? clock.now()
        arrivedAt.set(key, at)
        return { ...seen, receivedAt: at }
      }
      const datedHandle = (mail: MailHandle): MailHandle => ({
        ...mail,
        find: async (sought, signal) => {
          const found = await mail.find(sought, signal)
          return found.ok && found.value !== null ? { ok: true, value: dated(found.value) } : found
        },
      })
      return {
        busy: () => working + onTheWay.size + relay.busy(),
        send: async (access, message, signal) => {
          const outcome = await real.send(access, message, signal)
          const isReturned = relay.bounced.includes(message.messageId)
          if (outcome.state === 'accepted') {
            const awaited = isReturned ? `<report.${message.messageId.slice(1)}` : message.messageId
            if (!told.includes(awaited)) onTheWay.add(awaited)
          }
          return outcome
        },
        watch: (access, places, events) => {
          working += 1
          let isStarting = true
          const watch = real.watch(access, places, {
            ...events,
            onMessage: async (seen, mail) => {
              working += 1
              try {
                await events.onMessage(dated(seen), datedHandle(mail))
              } finally {
                working -= 1
                told.push(seen.messageId ?? '')
                onTheWay.delete(seen.messageId ?? '')
              }
            },
            onState: state => {
              if (isStarting) working -= 1
              isStarting = false
              events.onState(state)
            },
          })
          return { mail: datedHandle(watch.mail), stop: watch.stop }
        },
      }
    },
  }
}
