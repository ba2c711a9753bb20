import { domainsByName } from '#engine/domains/by-name.ts'
import { createJobs } from '#engine/jobs/jobs.ts'
import { mailboxAsTold } from '#engine/mailboxes/as-told.ts'
import { freshStanding } from '#engine/mailboxes/standing.ts'
import {
  mailboxesRemovedWith,
  putMailbox,
  removeMailbox,
  restoreMailboxes,
} from '#engine/mailboxes/put-and-remove.ts'
import { mailboxesOfDomain, writeHold } from '#engine/mailboxes/store.ts'
import { openStore, type Store, type Writes } from '#engine/storage/open.ts'
import type { TenantApi } from '#engine/sync/api.ts'
import { allConflicts, settleConflict } from '#engine/sync/conflicts.ts'
import { putConnection, readConnection } from '#engine/sync/connection.ts'
import { createSync, type SyncFeature } from '#engine/sync/feature.ts'
import { countItems } from '#engine/sync/items.ts'
import { outboxPage, syncStateOf } from '#engine/sync/readers.ts'
import { undo } from '#engine/sync/undo.ts'
import { ok } from '#shared/failure.ts'
import type { Conflict, OutboxItem, SyncState } from '#shared/model/sync.ts'
import { type FakeClock, fakeClock } from './clock.ts'
import { valueOf } from './engine.ts'
import { testLog } from './platform.ts'

export type Here = { tags: string[]; dailyLimit: number }

/** One Rookery with its store, as far as synchronising goes: what a person does here, and rounds that are run by hand. */
export type SyncDevice = {
  readonly store: Store
  readonly clock: FakeClock
  list(): Map<string, Here>
  add(name: string, fields?: Partial<Here>): void
  change(name: string, fields: Partial<Here>): void
  remove(name: string, mailboxes?: 'stay' | 'go'): void
  addMailbox(address: string): string
  pauseMailbox(id: string): void
  removeMailbox(id: string): void
  shareCredential(id: string): void
  /** One round as "sync now" runs it. */
  sync(): Promise<void>
  isRunning(): boolean
  feature(): SyncFeature
  /** The process dies and starts again: what was committed is there, nothing else is. At once when it is in memory. */
  restart(): Promise<void>
  /** Sets its clock to another time; everybody else's goes on. */
  turnClock(to: number): void
  connect(tenantId?: string): void
  state(): SyncState
  outbox(): OutboxItem[]
  conflicts(): Conflict[]
  undo(id: string): boolean
  close(): void
}

export async function syncDevice(
  api: TenantApi,
  options: {
    clock?: FakeClock
    random?: () => number
    connected?: boolean
    credentials?: string
    /** Where its file lies; in memory unless given. */
    folder?: string
  } = {},
): Promise<SyncDevice> {
  const {
    clock: given = fakeClock(),
    random = () => 0.5,
    connected = true,
    credentials = 'canary-pass-77aa',
  } = options
  const { folder = null } = options
  let turnedMs = 0
  const clock: FakeClock = { ...given, now: () => given.now() + turnedMs }
  let store = valueOf(await openStore(folder, clock.now))
  let alive = { is: true }
  let feature: SyncFeature

  const open = () => {
    const life = { is: true }
    alive = life
    const opened = store
    const write: Store['write'] = work => {
      if (!life.is) throw new Error('This process is dead.')
      return opened.write(work)
    }
    const own: Store = { ...opened, write }
    const jobs = createJobs({ store: own, clock, log: testLog() })
    const mailboxes = {
      count: (reads: Store, name: string) => mailboxesOfDomain(reads, name).length,
      remove: (writes: Writes, name: string, at: number) => {
        for (const id of mailboxesOfDomain(writes, name)) removeMailbox(writes, id, at)
      },
      restore: (writes: Writes, name: string, removedAt: number) => {
        restoreMailboxes(writes, mailboxesRemovedWith(writes, name, removedAt), clock.now())
      },
    }
    const domains = domainsByName({ jobs, mailboxes: mailboxes as never, now: clock.now })
    feature = createSync({
      store: own,
      jobs,
      vault: { isReady: () => true, onReady: () => () => {} } as never,
      makeApi: () => api,
      domains,
      findMailbox: mailboxAsTold,
      readCredentials: async () =>
        ok({
          smtp: { host: 'smtp.example.com', port: 465, security: 'tls' },
          imap: null,
          user: 'anna',
          password: credentials,
        }),
      timeZone: 'UTC',
      log: testLog(),
      random,
      now: clock.now,
    })
    store.beforeCommit(feature.noteChanges)
    return domains
  }
  let domains = open()

  const list = () =>
    new Map(
      store
        .all<{ name: string; tags: string; daily_limit: number }>(
          'SELECT name, tags, daily_limit FROM domains WHERE removed_at IS NULL ORDER BY name',
        )
        .map(row => [row.name, { tags: JSON.parse(row.tags) as string[], dailyLimit: row.daily_limit }]),
    )
  const put = (name: string, fields: Partial<Here>) => {
    const before = list().get(name) ?? { tags: [], dailyLimit: 50 }
    store.write(writes => domains.put(writes, name, { ...before, ...fields }))
  }
  const device: SyncDevice = {
    get store() {
      return store
    },
    clock,
    list,
    add: (name, fields = {}) => put(name, fields),
    change: put,
    remove: (name, mailboxes = 'go') => store.write(writes => domains.remove(writes, name, mailboxes)),
    addMailbox: address => {
      const key = address.toLowerCase()
      const domainName = key.slice(key.lastIndexOf('@') + 1)
      const id = store.write(writes =>
        putMailbox(
          writes,
          {
            address,
            key,
            domainName,
            senderName: '',
            signature: '',
            timeZone: 'UTC',
            dailyLimit: null,
            connection: {
              smtp: { server: { host: 'smtp.example.com', port: 465, security: 'tls' }, user: address },
              imap: null,
              login: { kind: 'password', separate: false },
              allowPlain: false,
              pinnedCertificate: null,
              provider: null,
            },
            standing: freshStanding,
            lastTest: null,
            how: 'added',
          },
          clock.now(),
        ),
      )
      if (id === null) throw new Error(`${address} is there already.`)
      return id
    },
    pauseMailbox: id => void store.write(writes => writeHold(writes, id, 'paused')),
    removeMailbox: id => store.write(writes => removeMailbox(writes, id, clock.now())),
    shareCredential: id =>
      store.write(writes => {
        writes.run('INSERT INTO sync_shared_credentials VALUES (?) ON CONFLICT DO NOTHING', id)
        writes.changed('mailboxes', id, 'put')
      }),
    sync: async () => {
      const life = alive
      try {
        await feature.rounds.run({ fresh: false, signal: new AbortController().signal })
      } catch (error) {
        if (life.is) throw error
      }
    },
    isRunning: () => feature.rounds.isRunning(),
    feature: () => feature,
    restart: async () => {
      alive.is = false
      if (folder !== null) {
        store.close()
        store = valueOf(await openStore(folder, clock.now))
      }
      domains = open()
    },
    turnClock: to => {
      turnedMs = to - given.now()
    },
    connect: (tenantId = 'tenant-1') =>
      store.write(writes =>
        putConnection(writes, { baseUrl: 'https://tenant.example', tenantId }, clock.now()),
      ),
    state: () =>
      syncStateOf(store, {
        isRunning: () => feature.rounds.isRunning(),
        isVaultReady: () => true,
        nextAt: () => readConnection(store)?.nextTryAt ?? null,
      }),
    outbox: () => outboxPage(store, 0, 100_000),
    conflicts: () => allConflicts(store),
    undo: id =>
      store.write(writes => {
        const conflict = allConflicts(writes).find(other => other.id === id)
        if (conflict === undefined || conflict.state === 'undone') return false
        return undo(writes, conflict, domains) && settleConflict(writes, id, 'undone')
      }),
    close: () => store.close(),
  }
  if (connected) device.connect()
  return device
}

/** Whether nothing of this device waits to be sent. */
export function isLevel({ store }: SyncDevice): boolean {
  return countItems(store, 'open') === 0
}
