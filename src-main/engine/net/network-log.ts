import type { NetworkContact, Purpose } from '#shared/model/settings.ts'

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
 * `takeDirty` hands over the lines that changed since it was last called, whole, for storage to write over.
 */
export function createNetworkLog(options: {
  now(): number
  load?: readonly NetworkContact[]
}): NetworkLog & { takeDirty(): NetworkContact[] } {
  const contacts = new Map<string, NetworkContact>()
  const dirty = new Set<NetworkContact>()
  // Thousands of questions a second go to the same server.
  let latest: NetworkContact | undefined
  for (const contact of options.load ?? []) contacts.set(keyOf(contact), { ...contact })
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
      latest = undefined
    },
    takeDirty: () => {
      const changed = [...dirty].map(contact => ({ ...contact }))
      dirty.clear()
      return changed
    },
  }
}

function keyOf(contact: Pick<NetworkContact, 'host' | 'port' | 'protocol' | 'purpose'>): string {
  return `${contact.protocol} ${contact.port} ${contact.purpose} ${contact.host}`
}
