import type { NetworkContact } from '#shared/model/settings.ts'
import { createNetworkLog, type NetworkLog } from '../net/network-log.ts'
import type { Clock, Log } from '../platform.ts'
import { repeat } from '../repeat.ts'
import type { Row, Store } from '../storage/open.ts'

export type KeptNetworkLog = NetworkLog & { stop(): void }

type ContactRow = Row & {
  host: string
  port: number
  protocol: NetworkContact['protocol']
  purpose: NetworkContact['purpose']
  count: number
  failures: number
  first_at: number
  last_at: number
}

/** A kill loses at most the counts of this long. */
const keepEveryMs = 5_000

/** The network log that goes on where the last run stopped: kept every few seconds and on `stop`. */
export function keepNetworkLog(store: Store, clock: Clock, log: Log): KeptNetworkLog {
  const load = store.all<ContactRow>('SELECT * FROM network_contacts').map(
    ({ first_at: firstAt, last_at: lastAt, ...contact }): NetworkContact => ({
      ...contact,
      firstAt,
      lastAt,
    }),
  )
  const networkLog = createNetworkLog({ now: clock.now, load })
  const keep = () => {
    const contacts = networkLog.takeDirty()
    const dropped = networkLog.takeDropped()
    if (contacts.length + dropped.length === 0) return
    try {
      store.write(writes => {
        // First: one that was dropped may have been contacted again since.
        for (const { host, port, protocol, purpose } of dropped) {
          writes.run(
            'DELETE FROM network_contacts WHERE host = ? AND port = ? AND protocol = ? AND purpose = ?',
            host,
            port,
            protocol,
            purpose,
          )
        }
        for (const { host, port, protocol, purpose, count, failures, firstAt, lastAt } of contacts) {
          writes.run(
            'INSERT OR REPLACE INTO network_contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            host,
            port,
            protocol,
            purpose,
            count,
            failures,
            firstAt,
            lastAt,
          )
        }
      })
    } catch (error) {
      log.warn('network-log-not-kept', { error: error instanceof Error ? error.name : typeof error })
    }
  }
  const callOff = repeat(clock, keepEveryMs, keep)
  return {
    record: networkLog.record,
    list: networkLog.list,
    clear: () => {
      store.write(writes => writes.run('DELETE FROM network_contacts'))
      networkLog.clear()
    },
    stop: () => {
      callOff()
      keep()
    },
  }
}
