import { headOf } from '../storage/changes.ts'
import type { Reads, Store } from '../storage/open.ts'
import { viewHealth } from './health.ts'
import type { HealthEffect } from './health-rules.ts'
import { threadsSince } from './ledger-counts.ts'
import { findMember, type Member, membersOn } from './members.ts'
import { emptyHistory, type PairHistory, type PoolMember, recordThread } from './pairing.ts'
import { allGuests, allPartners, type Guest, isGuest, type PartnerEntry } from './partners/store.ts'
import type { WarmupMailbox, WarmupMailboxes } from './surroundings.ts'

const dayMs = 24 * 60 * 60_000
/** Threads that count for spreading over partners and providers. */
const rememberedMs = 14 * dayMs
const rebuiltAfterMs = dayMs

/** A mailbox that warms up and stands on the list. */
export type Participant = {
  readonly member: Member
  readonly mailbox: WarmupMailbox
  readonly effect: HealthEffect
  /** What can be sent and taken at all: neither disabled nor without IMAP. */
  readonly isUsable: boolean
}

/** Whom a mailbox of ours writes to, or hears from: one of ours, or a guest. */
export type Correspondent = {
  readonly no: number
  readonly address: string
  /** Empty for a guest, whose owner did not tell. */
  readonly name: string
  readonly provider: string
  /** Null for a guest. */
  readonly timeZone: string | null
  /** Null for one of ours. */
  readonly guest: Guest | null
}

export type Roster = {
  /** Everybody who warms up, in a fixed order; read again when something about them changed. */
  all(): readonly Participant[]
  of(no: number): Participant | null
  /** Agreements with other Rookeries, ended ones too. */
  partners(): readonly PartnerEntry[]
  /** Mailboxes of partners with whom an agreement stands, in a fixed order; in `history` they come after our own. */
  guests(): readonly Guest[]
  /** Whoever has this number in the books, one of ours or a guest. */
  correspondent(no: number): Correspondent | null
  /** Something about these members was written; about any of them, without numbers. */
  touch(nos?: readonly number[]): void
  /** Something about agreements or guests was written. */
  touchPartners(): void
  /** Whether a mailbox or domain changed since this was last asked; true the first time. */
  takeListChange(): boolean
  /** Who wrote to whom, by place in `all()` and, after these, in `guests()`. */
  history(now: number): PairHistory
  placeOf(no: number): number
  /** A thread begins; told before it is sent, so that its pair rests. */
  record(fromNo: number, toNo: number, at: number): void
  /** No longer follows the store. */
  stop(): void
}

/** The mailboxes of the pool in memory, with what planning and pairing ask about them. */
export function createRoster(store: Store, mailboxes: WarmupMailboxes): Roster {
  let participants: Participant[] | null = null
  let partners: readonly PartnerEntry[] | null = null
  let guests: readonly Guest[] = []
  const touched = new Set<number>()
  let isCommitted = true
  let places = new Map<number, number>()
  let history: PairHistory | null = null
  let historyAt = 0
  let lastOrder = ''
  let seenSeq = -1
  let isListChanged = true

  const stop = store.onCommit(() => {
    isCommitted = true
  })

  const participantOf = (member: Member): Participant | null => {
    const mailbox = mailboxes.find(store, member.mailboxId)
    if (mailbox === null) return null
    const isUsable = mailbox.hold !== 'disabled' && mailbox.canBeRead
    return { member, mailbox, effect: viewHealth(member.health).effect, isUsable }
  }

  /** Whether the list of mailboxes changed in a commit since this was last asked. */
  const isListNew = (): boolean => {
    if (!isCommitted) return false
    isCommitted = false
    const seq = headOf(store)
    const isNew = seq !== seenSeq && changedSince(store, seenSeq)
    seenSeq = seq
    return isNew
  }

  /** Those alone that were written, read again; null where one of them came or went. */
  const refreshed = (known: readonly Participant[]): Participant[] | null => {
    const next = [...known]
    for (const no of touched) {
      const member = findMember(store, no)
      const place = places.get(no)
      const participant = member?.isOn === true ? participantOf(member) : null
      if (place === undefined && participant === null) continue
      if (place === undefined || participant === null) return null
      next[place] = participant
    }
    return next
  }

  /** Reads agreements and guests where that is to be done; tells whether it did. */
  const readPartners = (): boolean => {
    if (partners !== null) return false
    partners = allPartners(store)
    const agreed = new Set(partners.filter(({ stage }) => stage === 'agreed').map(({ id }) => id))
    guests = agreed.size === 0 ? [] : allGuests(store).filter(({ partnerId }) => agreed.has(partnerId))
    return true
  }

  const arrange = (own: readonly Participant[]) => {
    const order = [...own.map(({ member }) => member.no), ...guests.map(({ no }) => no)]
    places = new Map(order.map((no, place) => [no, place]))
    const nextOrder = order.join(' ')
    if (nextOrder !== lastOrder) history = null
    lastOrder = nextOrder
  }

  const all = (): readonly Participant[] => {
    const isChanged = isListNew()
    isListChanged ||= isChanged
    const arePartnersRead = readPartners()
    if (participants !== null && !isChanged) {
      if (touched.size > 0) participants = refreshed(participants)
      touched.clear()
      if (participants !== null && arePartnersRead) arrange(participants)
      if (participants !== null) return participants
    }
    touched.clear()
    participants = membersOn(store).flatMap(member => participantOf(member) ?? [])
    arrange(participants)
    return participants
  }

  const everybody = (): PoolMember[] => [
    ...all().map(asPoolMember),
    ...guests.map(({ domain, provider, isIn }) => ({ domain, provider, isOpen: isIn })),
  ]

  const of = (no: number): Participant | null => all()[places.get(no) ?? -1] ?? null

  const historyNow = (now: number): PairHistory => {
    all()
    if (history !== null && Math.abs(now - historyAt) < rebuiltAfterMs) return history
    const members = everybody()
    const made = emptyHistory(members.length)
    for (const { fromNo, toNo, at } of threadsSince(store, now - rememberedMs)) {
      const from = places.get(fromNo)
      const to = places.get(toNo)
      if (from !== undefined && to !== undefined) recordThread(made, members, from, to, at)
    }
    history = made
    historyAt = now
    return made
  }

  return {
    all,
    of,
    partners: () => {
      all()
      return partners ?? []
    },
    guests: () => {
      all()
      return guests
    },
    correspondent: no => {
      if (isGuest(no)) {
        all()
        const guest = guests.find(one => one.no === no)
        return guest === undefined ? null : asGuestCorrespondent(guest)
      }
      const found = of(no)
      return found === null ? null : asCorrespondent(found)
    },
    touch: nos => {
      if (nos === undefined) participants = null
      // Of guests nothing is kept in memory that sending or hearing changes.
      else for (const no of nos) if (!isGuest(no)) touched.add(no)
    },
    touchPartners: () => {
      partners = null
    },
    takeListChange: () => {
      all()
      const was = isListChanged
      isListChanged = false
      return was
    },
    history: historyNow,
    placeOf: no => {
      all()
      return places.get(no) ?? -1
    },
    record: (fromNo, toNo, at) => {
      const made = historyNow(at)
      const from = places.get(fromNo)
      const to = places.get(toNo)
      if (from === undefined || to === undefined) return
      recordThread(made, everybody(), from, to, at)
    },
    stop,
  }
}

function asCorrespondent({ member, mailbox }: Participant): Correspondent {
  const { address, senderName: name, provider } = mailbox
  return { no: member.no, address, name, provider, timeZone: member.settings.timeZone, guest: null }
}

function asGuestCorrespondent(guest: Guest): Correspondent {
  const { no, address, provider } = guest
  return { no, address, name: '', provider, timeZone: null, guest }
}

function asPoolMember({ mailbox, effect, isUsable }: Participant): PoolMember {
  return {
    domain: mailbox.domainName,
    provider: mailbox.provider,
    isOpen: isUsable && effect.takesThreads,
  }
}

/** Whether a mailbox or its domain changed; rows of other tables come far more often. */
function changedSince(reads: Reads, seq: number): boolean {
  const sql = "SELECT 1 FROM changes WHERE seq > ? AND tbl IN ('mailboxes', 'domains') LIMIT 1"
  return reads.get(sql, seq) !== undefined
}
