import type { Store } from '../storage/open.ts'
import { askForLook } from './members.ts'
import type { Roster } from './roster.ts'

export type RosterChanges = {
  /** Tells the windows who came to the overview and who left it since the last call. */
  noteShown(): void
  /** What a person or a login did to a mailbox counts at once, not at the next usual look. */
  noteMailboxes(now: number): void
}

/** What became different about those that warm up, from one look to the next. */
export function createRosterChanges(store: Store, roster: Roster): RosterChanges {
  let shown: ReadonlySet<string> | null = null
  const marks = new Map<number, string>()
  return {
    // The overview shows those that stand on the list; the list itself changes without warmup.
    noteShown() {
      const now = new Set(roster.all().map(({ member }) => member.mailboxId))
      const before = shown
      shown = now
      if (before === null || (before.size === now.size && [...now].every(id => before.has(id)))) return
      store.write(writes => {
        for (const id of before) if (!now.has(id)) writes.changed('warmup', id, 'remove')
        for (const id of now) if (!before.has(id)) writes.changed('warmup', id, 'put')
      })
    },
    noteMailboxes(now) {
      const changed = roster.all().filter(({ member, mailbox }) => {
        const mark = `${mailbox.hold} ${mailbox.loginFailures}`
        const before = marks.get(member.no)
        marks.set(member.no, mark)
        return before !== undefined && before !== mark
      })
      if (changed.length === 0) return
      store.write(writes => {
        for (const { member } of changed) askForLook(writes, member.no, now)
      })
    },
  }
}
