import type { Writes } from '../storage/open.ts'
import { parseDomainName } from './domain-name.ts'
import { addDomain, bringBack, type DomainDependencies, takeOffList } from './procedures.ts'
import { writeDailyLimit } from './domain-settings.ts'
import { findByName, retag } from './store.ts'

/** The list of domains for whoever knows them by their names alone; given on by `engine.ts`. */
export type DomainsByName = {
  /** Puts a domain on the list, or back on it, with these tags and this limit. Nothing happens for what is no name. */
  put(writes: Writes, name: string, fields: { tags: readonly string[]; dailyLimit: number }): void
  /** Takes it off the list. Its mailboxes go with it, and come back with it, or stay where they are. */
  remove(writes: Writes, name: string, mailboxes: 'stay' | 'go'): void
  /** The form a name has here (A-labels, lower case); null for what is none. */
  readName(name: string): string | null
}

export function domainsByName(
  dependencies: Pick<DomainDependencies, 'jobs' | 'mailboxes' | 'now'>,
): DomainsByName {
  const { jobs, mailboxes, now } = dependencies
  return {
    put: (writes, name, { tags, dailyLimit }) => {
      const found = findByName(writes, name)
      if (found === null) {
        const parsed = parseDomainName(name)
        if (parsed.ok) addDomain(writes, dependencies, parsed.value, tags)
      } else if (found.removedAt !== null) {
        bringBack(writes, dependencies, [found.id])
      }
      const domain = findByName(writes, name)
      if (domain === null) return
      retag(
        writes,
        domain.id,
        tags,
        domain.tags.filter(tag => !tags.includes(tag)),
      )
      if (domain.dailyLimit !== dailyLimit) writeDailyLimit(writes, domain.id, dailyLimit)
    },
    remove: (writes, name, those) => {
      const domain = findByName(writes, name)
      if (domain === null || domain.removedAt !== null) return
      const at = now()
      if (those === 'go') mailboxes.remove(writes, name, at)
      takeOffList(writes, jobs, domain.id, at)
    },
    readName: name => {
      const parsed = parseDomainName(name)
      return parsed.ok ? parsed.value.name : null
    },
  }
}
