import type { Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import type { WarmupContext } from './context.ts'
import { closeSlot, dropOpenSlots, type Slot, slotsUpTo } from './days.ts'
import { groupBy } from './group.ts'
import { sendSlot } from './send-slot.ts'
import { dueSlots } from './slots.ts'
import type { Tasks } from './tasks.ts'

/** Begins what is due now, at most one message of each mailbox; what was missed is dropped and never made up for. */
export function fireSlots(context: WarmupContext, sends: Tasks, begun: Set<string>, now: number): void {
  const { store, roster } = context
  const open = slotsUpTo(store, now).filter(({ no, at }) => !begun.has(keyOf(no, at)))
  if (open.length === 0) return
  const due: Slot[] = []
  store.write(writes => {
    for (const [no, slots] of groupBy(open, slot => slot.no)) {
      const participant = roster.of(no)
      const isHeld = context.isHeld() || participant === null || participant.effect.factor === 0
      const fired = dueSlots(
        slots.map(({ at }) => at),
        { lookedAt: Number.NEGATIVE_INFINITY, lastSentAt: null, now },
      )
      const slot = isHeld ? undefined : slots.find(({ at }) => at === fired.due)
      if (slot !== undefined) due.push(slot)
      const late = slots.filter(({ at }) => at !== slot?.at)
      for (const { at } of late) closeSlot(writes, no, at, 'dropped')
      if (late.length > 0) noteDropped(context, writes, no, late.length, now)
    }
  })
  for (const { no, at } of due) {
    const host = roster.of(no)?.mailbox.smtpHost ?? ''
    begun.add(keyOf(no, at))
    sends.start(host, signal =>
      sendSlot(context, { no, at }, signal).finally(() => begun.delete(keyOf(no, at))),
    )
  }
}

/** Drops what is still to come today of everybody: nobody knows any more what was sent today. */
export function dropToday(context: WarmupContext, writes: Writes, now: number): void {
  for (const { member } of context.roster.all()) {
    const dropped = dropOpenSlots(writes, member.no)
    if (dropped > 0) noteDropped(context, writes, member.no, dropped, now)
  }
}

function noteDropped(context: WarmupContext, writes: Writes, no: number, count: number, now: number): void {
  const participant = context.roster.of(no)
  if (participant === null) return
  noteActivity(writes, no, 'dropped-late', { count }, now)
  writes.changed('warmup', participant.member.mailboxId, 'put')
}

function keyOf(no: number, at: number): string {
  return `${no} ${at}`
}
