import { limits } from '../../net/limits.ts'
import type { MailWorld } from '../../net/mail-world.ts'
import type { NetworkLog } from '../../net/network-log.ts'
import { createSlots, type Slots } from '../../net/slots.ts'
import { stopOf } from '../../net/stop.ts'
import type { Clock, Log } from '../../platform.ts'
import type { AddressesOf, ConnectionWaits } from '../options.ts'
import { asciiServer } from '../reach.ts'
import { authoritiesWith } from '../secure.ts'
import { type Contacts, exchangeWaits } from './contact.ts'
import type { Pins } from './open-session.ts'
import { createSeats, type SeatLimits } from './seats.ts'
import { usualWatchWaits, watchMailbox, type WatchWaits } from './watch.ts'

export type MailWorldOptions = {
  readonly addressesOf: AddressesOf
  readonly networkLog: NetworkLog
  readonly clock: Clock
  readonly log: Log
  /** Authorities in PEM that count beside those of the system. */
  readonly ca?: readonly string[]
  /** The folder that warmup mail is filed in. */
  readonly oursName?: string
  /** Other waits of the network than the usual ones; they pass in real time. */
  readonly waits?: Partial<ConnectionWaits>
  /** Other pauses than the usual ones; they pass on the clock. */
  readonly watchWaits?: Partial<WatchWaits>
  readonly seats?: Partial<SeatLimits>
  readonly sendsPerHost?: number
  readonly sendsAtOnce?: number
  random?(): number
}

/** The folder that warmup mail is filed in unless told otherwise. */
const usualOursName = 'Rookery'

/**
 * Sends and watches over SMTP and IMAP. However many mailboxes there are, no host gets more than `limits.mailSendsPerHost`
 * and `limits.mailWatchesPerHost` connections from us. What stays secret is read for each login and not kept.
 */
export function createMailWorld(options: MailWorldOptions): MailWorld {
  const { clock, log, networkLog, addressesOf, random = Math.random } = options
  let authorities: ReturnType<typeof authoritiesWith> | undefined
  const contacts: Contacts = {
    networkLog,
    addressesOf,
    // One for all, made for the first: each of hundreds of connections would else make its own.
    get authorities() {
      return (authorities ??= authoritiesWith(options.ca ?? []))
    },
    waits: exchangeWaits(options.waits ?? {}, limits.mailMessageMs),
  }
  const pins: Pins = new Map()
  const opening = createSlots(limits.mailOpeningsAtOnce)
  const seats = createSeats({
    perHost: limits.mailWatchesPerHost,
    inAll: limits.mailWatchesAtOnce,
    turnsPerHost: limits.mailTurnsPerHost,
    turnsInAll: limits.mailTurnsAtOnce,
    ...options.seats,
  })
  const sends = createSlots(options.sendsAtOnce ?? limits.mailSendsAtOnce)
  const sendsTo = new Map<string, Slots>()
  const sendsOf = (host: string): Slots => {
    const known = sendsTo.get(host)
    if (known) return known
    const made = createSlots(options.sendsPerHost ?? limits.mailSendsPerHost)
    sendsTo.set(host, made)
    return made
  }

  return {
    send: async (access, message, signal) => {
      const own = sendsOf(asciiServer(access.connection.smtp.server).host.toLowerCase())
      const cancelled = { state: 'failed', reason: 'test.cancelled', offline: false } as const
      const stop = stopOf(signal)
      if (!(await own.take(stop))) return cancelled
      if (!(await sends.take(stop))) {
        own.giveBack()
        return cancelled
      }
      const { sendMessage } = await import('./send.ts')
      return sendMessage(access, message, signal, contacts, () => {
        own.giveBack()
        sends.giveBack()
      })
    },
    watch: (access, places, events) =>
      watchMailbox(access, places, events, {
        contacts,
        pins,
        seats,
        opening,
        host:
          access.connection.imap === null
            ? ''
            : asciiServer(access.connection.imap.server).host.toLowerCase(),
        oursName: options.oursName ?? usualOursName,
        clock,
        log,
        random,
        waits: { ...usualWatchWaits, ...options.watchWaits },
      }),
  }
}
