import { fractionOf } from '../jobs/when.ts'
import { readHead } from './servers/read-head.ts'
import type { Envelope, Fate } from './servers/post-office.ts'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** A stretch of the demo's time in which a mailbox has trouble; days count from its opening. */
type Trouble = { readonly fromDay: number; readonly untilDay: number }

export type DemoMailbox = {
  readonly address: string
  readonly senderName: string
  /** Of `mailbox-providers.json`; null for a server of its own. */
  readonly provider: { readonly id: string; readonly name: string } | null
  /** Days of warmup that lie behind it when the demo opens. */
  readonly daysBehind: number
  /** What of its mail lands in junk, before the opening and later. */
  readonly junkShare: (day: number) => number
  /** When its server asks it to slow down, or refuses a message for its rules. */
  readonly asksToWait?: Trouble
  readonly refusesOnce?: { readonly onDay: number }
  /** Its password was changed elsewhere: the servers refuse the old one. */
  readonly isLockedOut?: true
}

const google = { id: 'google', name: 'Google Workspace' }
const microsoft = { id: 'microsoft365', name: 'Microsoft 365' }
const little = () => 0.02

/** Mailboxes in every state a warmup can be in, and what is still to happen to them. */
export const demoMailboxes: readonly DemoMailbox[] = [
  {
    address: 'hello@harbour-bakery.example',
    senderName: 'Harbour Bakery',
    provider: google,
    daysBehind: 43,
    junkShare: () => 0.01,
  },
  {
    address: 'mara@harbour-bakery.example',
    senderName: 'Mara Lindqvist',
    provider: google,
    daysBehind: 14,
    junkShare: little,
  },
  {
    address: 'orders@harbour-bakery.example',
    senderName: 'Orders, Harbour Bakery',
    provider: google,
    daysBehind: 16,
    // Much in junk of late, and less again in the days to come.
    junkShare: day => (day < -8 ? 0.04 : day < 1 ? 0.19 : 0.02),
  },
  {
    address: 'studio@northlight-studio.example',
    senderName: 'Northlight Studio',
    provider: google,
    daysBehind: 8,
    junkShare: little,
  },
  {
    address: 'amira@quayside-coffee.example',
    senderName: 'Amira Haddad',
    provider: microsoft,
    daysBehind: 11,
    junkShare: little,
    refusesOnce: { onDay: 17 },
  },
  {
    address: 'reservations@quayside-coffee.example',
    senderName: 'Quayside Coffee',
    provider: microsoft,
    daysBehind: 13,
    junkShare: day => (day < -7 ? 0.1 : day < 1 ? 0.5 : 0.03),
  },
  {
    address: 'workshop@orchard-cycles.example',
    senderName: 'Orchard Cycles Workshop',
    provider: null,
    daysBehind: 12,
    junkShare: little,
    asksToWait: { fromDay: 9, untilDay: 9.5 },
  },
  {
    address: 'parts@orchard-cycles.example',
    senderName: 'Orchard Cycles Parts',
    provider: null,
    daysBehind: 10,
    junkShare: little,
    isLockedOut: true,
  },
  {
    address: 'team@maple-and-oak.example',
    senderName: 'Maple and Oak',
    provider: google,
    daysBehind: 4,
    junkShare: little,
  },
  {
    address: 'ben@maple-and-oak.example',
    senderName: 'Ben Okafor',
    provider: google,
    daysBehind: 1,
    junkShare: little,
    asksToWait: { fromDay: 21, untilDay: 21.4 },
  },
]

/** Until when the server of the demo that asks to wait at its opening does so. */
export const waitsAtOpeningMs = 50 * 60_000

const find = (address: string) => demoMailboxes.find(one => one.address === address.toLowerCase())

/** What the password of every mailbox of the demo was when it was opened. */
export const demoPassword = 'made up for the demo'

/** Any password will do, but the old one where it was changed. */
export function mayLogIn(user: string, password: string): boolean {
  return !(find(user)?.isLockedOut === true && password === demoPassword)
}

/**
 * What becomes of a message sent at `now`: the same for the same message, so that a month that is played twice from the
 * same beginning goes the same way.
 */
export function fateOf({ from, raw }: Envelope, openedAt: number, now: number): Fate {
  const sender = find(from)
  const day = (now - openedAt) / dayMs
  const { asksToWait: wait, refusesOnce: refuses } = sender ?? {}
  if (wait !== undefined && day >= wait.fromDay && day < wait.untilDay)
    return { reply: '421 4.7.0 Too many messages in a short time, try again later', folder: null }
  if (refuses !== undefined && Math.floor(day) === refuses.onDay)
    return { reply: '550 5.7.1 Message rejected due to local policy', folder: null }
  const messageId = readHead(raw).get('message-id') ?? ''
  const isJunk = fractionOf(messageId, 1) < (sender?.junkShare(day) ?? 0)
  return { reply: '250 2.0.0 Taken', folder: isJunk ? 'Junk' : 'INBOX' }
}
