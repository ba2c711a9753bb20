import type { Failure } from '#shared/failure.ts'
import type { Writes } from '../storage/open.ts'
import type { OwnedFields, TenantDomain } from './api.ts'
import { agreedOn, fieldsHere, forgetAgreed, putAgreed, wasReadAgain } from './agreed.ts'
import { addConflict } from './conflicts.ts'
import { dropRegistrations, putAside } from './items.ts'
import { mergeDomain } from './merge.ts'
import type { Planner } from './note.ts'

/** How the synchronisation changes what stands here; given by `engine.ts`, where features meet. */
export type LocalDomains = {
  /** Puts a domain on the list, or back on it, with these fields. */
  put(writes: Writes, name: string, fields: OwnedFields): void
  /** Takes it off the list; it can be brought back as any other. */
  remove(writes: Writes, name: string, mailboxes: 'stay' | 'go'): void
  /** A name as the server has it, in the form it has here; null when it is none. */
  readName(name: string): string | null
}

export type Applier = {
  /** Brings one domain together with what the server has (null: nothing), in the caller's transaction. */
  apply(writes: Writes, name: string, theirs: TenantDomain | null): void
  /** S-45: the server has lost it with most others; it stays here, and what becomes of it there is for the person to say. */
  setAside(writes: Writes, name: string, failure: Failure): void
  /** What the server answered to our own change: `sent` is what both sides agree on now, whatever it made of it. */
  applyAnswer(writes: Writes, name: string, sent: OwnedFields, answer: TenantDomain): void
}

/** The server has no such domain any more, so it knows none of its mailboxes either. */
export function forgetDomain(writes: Writes, name: string): void {
  forgetAgreed(writes, name)
  dropRegistrations(writes, name)
}

export function createApplier({
  domains,
  planner,
  now,
}: {
  readonly domains: LocalDomains
  readonly planner: Planner
  now(): number
}): Applier {
  const bringTogether = (writes: Writes, name: string, theirs: TenantDomain | null) => {
    const before = agreedOn(writes, name)
    const { action, base, conflicts } = mergeDomain(before, fieldsHere(writes, name), theirs)
    if (action.kind === 'put') domains.put(writes, name, action.fields)
    if (action.kind === 'remove') domains.remove(writes, name, 'stay')
    if (base === null) forgetDomain(writes, name)
    else putAgreed(writes, name, base, theirs?.serverStatus ?? null)
    for (const conflict of conflicts) addConflict(writes, name, conflict, now())
    planner.planDomain(writes, name)
    if (before?.serverId !== base?.serverId) planner.planMailboxesOf(writes, name)
  }
  return {
    apply: (writes, name, theirs) => {
      const serverId = theirs?.id ?? agreedOn(writes, name)?.serverId
      bringTogether(writes, name, theirs)
      if (serverId !== undefined) wasReadAgain(writes, name, serverId)
    },
    setAside: (writes, name, failure) => {
      const ours = fieldsHere(writes, name)
      if (ours === null) return bringTogether(writes, name, null)
      forgetDomain(writes, name)
      putAside(writes, { domainName: name, fields: ours, failure }, now())
      planner.planMailboxesOf(writes, name)
    },
    // An answer that is given again may be older than what the list said, so that is still to be read (S-41).
    applyAnswer: (writes, name, sent, answer) => {
      const { serverStatus, id: serverId, version } = answer
      putAgreed(writes, name, { serverId, version, fields: sent }, serverStatus)
      bringTogether(writes, name, answer)
    },
  }
}
