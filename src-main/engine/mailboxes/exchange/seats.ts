import { createSlots, type Slots } from '../../net/slots.ts'
import type { Stop } from '../../net/stop.ts'

export type SeatLimits = {
  readonly perHost: number
  readonly inAll: number
  readonly turnsPerHost: number
  readonly turnsInAll: number
}

/** What a connection for a while is for. */
export type TurnKind = 'look' | 'ask'

/**
 * Who has a connection. The first mailboxes of a host each keep one. `turnsPerHost` of a host's connections, and
 * `turnsInAll` of all, go round among the mailboxes that came later, and as many again serve what is asked of these. A seat
 * that becomes free goes to the next that asks.
 */
export type Seats = {
  /** A connection to keep; false when all are taken. */
  keep(host: string): boolean
  leave(host: string): void
  /** A connection for a while, first come first served; false when stopped first. */
  takeTurn(host: string, kind: TurnKind, stop: Stop): Promise<boolean>
  endTurn(host: string, kind: TurnKind): void
}

export function createSeats(limits: SeatLimits): Seats {
  const kept = new Map<string, number>()
  const turns = new Map<string, Slots>()
  const allTurns = { look: createSlots(limits.turnsInAll), ask: createSlots(limits.turnsInAll) }
  let keptInAll = 0
  const turnsOf = (host: string, kind: TurnKind) => {
    const key = `${kind} ${host}`
    const known = turns.get(key)
    if (known) return known
    const made = createSlots(limits.turnsPerHost)
    turns.set(key, made)
    return made
  }
  return {
    keep: host => {
      const ofHost = kept.get(host) ?? 0
      if (ofHost >= limits.perHost - 2 * limits.turnsPerHost) return false
      if (keptInAll >= limits.inAll - 2 * limits.turnsInAll) return false
      kept.set(host, ofHost + 1)
      keptInAll++
      return true
    },
    leave: host => {
      const ofHost = (kept.get(host) ?? 0) - 1
      if (ofHost > 0) kept.set(host, ofHost)
      else kept.delete(host)
      keptInAll--
    },
    takeTurn: async (host, kind, stop) => {
      const own = turnsOf(host, kind)
      if (!(await own.take(stop))) return false
      if (await allTurns[kind].take(stop)) return true
      own.giveBack()
      return false
    },
    endTurn: (host, kind) => {
      turnsOf(host, kind).giveBack()
      allTurns[kind].giveBack()
    },
  }
}
