import type { NetworkContact, Purpose } from '#shared/model/settings.ts'
import { limits } from './limits.ts'

/** Counts every contact with another host; the counts are what the network log shows. */
export type NetworkLog = {
  record(contact: {
    host: string
    port: number
    protocol: NetworkContact['protocol']
    purpose: Purpose
    failed: boolean
  }): void
  list(): NetworkContact[]
  clear(): void
}

/**
 * Counts in memory, one line for each host, port, protocol and purpose. `load` is what earlier runs counted;
 * `takeDirty` hands over the lines that changed since it was last called, whole, for storage to write over, and `takeDropped`
 * those that made place: of more than `most` the ones that were contacted longest ago.
 */
export function createNetworkLog(options: {
  now(): number
  load?: readonly NetworkContact[]
  /** `limits.networkContacts` unless given. */
  readonly most?: number
}): NetworkLog & { takeDirty(): NetworkContact[]; takeDropped(): NetworkContact[] } {
  const most = options.most ?? limits.networkContacts
  const contacts = new Map<string, NetworkContact>()
  const dirty = new Set<NetworkContact>()
  let dropped: NetworkContact[] = []
  // Thousands of questions a second go to the same server.
  let latest: NetworkContact | undefined
  /** A tenth at once, so that not every new host sorts them all. */
  const makePlace = () => {
    if (contacts.size <= most) return
    const oldest = [...contacts.values()].toSorted((a, b) => a.lastAt - b.lastAt)
    for (const contact of oldest.slice(0, contacts.size - Math.floor(most * 0.9))) {
      contacts.delete(keyOf(contact))
      dirty.delete(contact)
      dropped.push(contact)
    }
  }
  for (const contact of options.load ?? []) contacts.set(keyOf(contact), { ...contact })
  makePlace()
  return {
    record: ({ host, port, protocol, purpose, failed }) => {
      const now = options.now()
      const isLatest =
        latest?.host === host &&
        latest.port === port &&
        latest.protocol === protocol &&
        latest.purpose === purpose
      const key = isLatest ? '' : keyOf({ host, port, protocol, purpose })
      let contact = isLatest ? latest : contacts.get(key)
      if (contact === undefined) {
        contact = { host, port, protocol, purpose, count: 0, failures: 0, firstAt: now, lastAt: now }
        contacts.set(key, contact)
        makePlace()
      }
      latest = contact
      contact.count++
      if (failed) contact.failures++
      contact.lastAt = now
      dirty.add(contact)
    },
    list: () => [...contacts.values()].map(contact => ({ ...contact })),
    clear: () => {
      contacts.clear()
      dirty.clear()
      dropped = []
      latest = undefined
    },
    takeDirty: () => {
      const changed = [...dirty].map(contact => ({ ...contact }))
      dirty.clear()
      return changed
    },
    takeDropped: () => {
      const taken = dropped
      dropped = []
      return taken
    },
  }
}

function keyOf(contact: Pick<NetworkContact, 'host' | 'port' | 'protocol' | 'purpose'>): string {
  return `${contact.protocol} ${contact.port} ${contact.purpose} ${contact.host}`
}
