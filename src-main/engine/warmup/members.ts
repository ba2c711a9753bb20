import type { MailboxHealth } from '#shared/model/mailbox-health.ts'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { newHealth } from './health.ts'
import type { HealthFacts } from './health-rules.ts'

/** What a mailbox's health is judged by beside what the books count. Times are epoch milliseconds. */
export type Evidence = {
  readonly softBlockedAt: number | null
  readonly policyBlockedAt: number | null
  readonly limited: HealthFacts['limited']
  readonly sentSinceLimit: number
  /** Refused as a recipient; nobody writes to it until then. */
  readonly unwelcomeUntilAt: number | null
  /** Listings of weight 3, and records that failed, when warmup began or since then without a break; null while not known. */
  readonly knownListings: readonly string[] | null
  readonly knownFailing: readonly string[] | null
  /** The ramp was ended by a person, or the mailbox has shown that it is ready. */
  readonly isReady: boolean
}

const noEvidence: Evidence = {
  softBlockedAt: null,
  policyBlockedAt: null,
  limited: null,
  sentSinceLimit: 0,
  unwelcomeUntilAt: null,
  knownListings: null,
  knownFailing: null,
  isReady: false,
}

/** A mailbox that warms up, or did. */
export type Member = {
  /** Its number in the books. */
  readonly no: number
  readonly mailboxId: string
  readonly isOn: boolean
  readonly settings: WarmupSettings
  readonly startedAt: number
  /** Warmup days that are over. */
  readonly daysDone: number
  readonly isPausedByPerson: boolean
  readonly health: MailboxHealth
  readonly evidence: Evidence
  /** Since when the state a person sees is what it is. */
  readonly sinceAt: number
  /** When its health is looked at again. */
  readonly lookAt: number | null
  readonly score: number | null
}

type MemberRow = Row & {
  no: number
  mailbox_id: string
  is_on: number
  settings: string
  started_at: number
  days_done: number
  paused: number
  health: string
  evidence: string
  since_at: number
  look_at: number | null
  score: number | null
}

function toMember(row: MemberRow): Member {
  return {
    no: row.no,
    mailboxId: row.mailbox_id,
    isOn: row.is_on === 1,
    settings: JSON.parse(row.settings),
    startedAt: row.started_at,
    daysDone: row.days_done,
    isPausedByPerson: row.paused === 1,
    health: JSON.parse(row.health),
    evidence: { ...noEvidence, ...JSON.parse(row.evidence) },
    sinceAt: row.since_at,
    lookAt: row.look_at,
    score: row.score,
  }
}

/** Those that warm up, in the order they began. */
export function membersOn(reads: Reads): Member[] {
  return reads.all<MemberRow>('SELECT * FROM warmup_mailboxes WHERE is_on = 1 ORDER BY no').map(toMember)
}

export function isAnyoneOn(reads: Reads): boolean {
  return reads.get('SELECT 1 FROM warmup_mailboxes WHERE is_on = 1 LIMIT 1') !== undefined
}

export function findMember(reads: Reads, no: number): Member | null {
  const row = reads.get<MemberRow>('SELECT * FROM warmup_mailboxes WHERE no = ?', no)
  return row === undefined ? null : toMember(row)
}

/** Also one that was taken out. */
export function memberOfMailbox(reads: Reads, mailboxId: string): Member | null {
  const row = reads.get<MemberRow>('SELECT * FROM warmup_mailboxes WHERE mailbox_id = ?', mailboxId)
  return row === undefined ? null : toMember(row)
}

/** Those whose health is due to be looked at. */
export function membersToLookAt(reads: Reads, now: number): number[] {
  return reads
    .all<{ no: number }>('SELECT no FROM warmup_mailboxes WHERE is_on = 1 AND look_at <= ?', now)
    .map(({ no }) => no)
}

export function nextLookAt(reads: Reads): number | null {
  const sql = 'SELECT min(look_at) AS next FROM warmup_mailboxes WHERE is_on = 1 AND look_at IS NOT NULL'
  return reads.get<{ next: number | null }>(sql)?.next ?? null
}

/** Lets a mailbox warm up from the first day on; one that was taken out before keeps its number and its books. */
export function putMember(writes: Writes, mailboxId: string, settings: WarmupSettings, now: number): number {
  writes.run(
    `INSERT INTO warmup_mailboxes (mailbox_id, settings, started_at, health, evidence, since_at, look_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (mailbox_id) DO UPDATE SET is_on = 1, settings = excluded.settings,
       started_at = excluded.started_at, days_done = 0, paused = 0, health = excluded.health,
       evidence = excluded.evidence, since_at = excluded.since_at, look_at = excluded.look_at, score = NULL`,
    mailboxId,
    JSON.stringify(settings),
    now,
    JSON.stringify(newHealth(now)),
    JSON.stringify(noEvidence),
    now,
    now,
  )
  writes.changed('warmup', mailboxId, 'put')
  return memberOfMailbox(writes, mailboxId)?.no ?? 0
}

export function takeOut(writes: Writes, { no, mailboxId }: Member): void {
  writes.run('UPDATE warmup_mailboxes SET is_on = 0, look_at = NULL WHERE no = ?', no)
  writes.changed('warmup', mailboxId, 'remove')
}

export function writeSettingsOf(writes: Writes, { no, mailboxId }: Member, settings: WarmupSettings): void {
  writes.run('UPDATE warmup_mailboxes SET settings = ? WHERE no = ?', JSON.stringify(settings), no)
  writes.changed('warmup', mailboxId, 'put')
}

export function writePausedByPerson(writes: Writes, { no, mailboxId }: Member, isPaused: boolean): void {
  writes.run('UPDATE warmup_mailboxes SET paused = ? WHERE no = ?', isPaused ? 1 : 0, no)
  writes.changed('warmup', mailboxId, 'put')
}

export function writeDaysDone(writes: Writes, { no, mailboxId }: Member, daysDone: number): void {
  writes.run('UPDATE warmup_mailboxes SET days_done = ? WHERE no = ?', daysDone, no)
  writes.changed('warmup', mailboxId, 'put')
}

/** Keeps what a look found. Most find nothing new; then only the time of the next is written. */
export function writeHealth(
  writes: Writes,
  { no, mailboxId, ...before }: Member,
  next: Pick<Member, 'health' | 'sinceAt' | 'lookAt' | 'score'>,
): void {
  const health = JSON.stringify(next.health)
  const isSame = next.score === before.score && next.sinceAt === before.sinceAt
  if (isSame && health === JSON.stringify(before.health)) {
    writes.run('UPDATE warmup_mailboxes SET look_at = ? WHERE no = ?', next.lookAt, no)
    return
  }
  writes.run(
    'UPDATE warmup_mailboxes SET health = ?, since_at = ?, look_at = ?, score = ? WHERE no = ?',
    health,
    next.sinceAt,
    next.lookAt,
    next.score,
    no,
  )
  writes.changed('warmup', mailboxId, 'put')
}

/** Adds to the evidence, and asks for a look at once. */
export function noteEvidence(writes: Writes, no: number, change: Partial<Evidence>, now: number): void {
  const member = findMember(writes, no)
  if (member === null) return
  writes.run(
    'UPDATE warmup_mailboxes SET evidence = ?, look_at = ? WHERE no = ?',
    JSON.stringify({ ...member.evidence, ...change }),
    member.isOn ? now : null,
    no,
  )
}

/** One more that went out well since the last reply that asked to wait. */
export function countSent(writes: Writes, no: number): void {
  writes.run(
    `UPDATE warmup_mailboxes SET evidence = json_set(evidence, '$.sentSinceLimit',
       coalesce(json_extract(evidence, '$.sentSinceLimit'), 0) + 1) WHERE no = ?`,
    no,
  )
}

/** Asks for a look at a mailbox's health now. */
export function askForLook(writes: Writes, no: number, now: number): void {
  writes.run('UPDATE warmup_mailboxes SET look_at = ? WHERE no = ? AND is_on = 1', now, no)
}
