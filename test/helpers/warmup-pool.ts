import { setImmediate, setTimeout } from 'node:timers/promises'
import { createJobs } from '#engine/jobs/jobs.ts'
import type { MailAccess, MailWorld } from '#engine/net/mail-world.ts'
import type { Clock, Log } from '#engine/platform.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { noteActivity } from '#engine/warmup/activity.ts'
import type { AgreementContext } from '#engine/warmup/partners/agreement-context.ts'
import { memberOfMailbox, putMember } from '#engine/warmup/members.ts'
import { writeState } from '#engine/warmup/pool-state.ts'
import { createRunner, type Runner } from '#engine/warmup/runner.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'
import {
  type DomainStanding,
  type DomainWarmup,
  nothingKnown,
  type WarmupMailbox,
  type WarmupSurroundings,
} from '#engine/warmup/surroundings.ts'
import { reputation } from '#engine/warmup-surroundings.ts'
import { ok } from '#shared/failure.ts'
import type { WarmupActivityCode } from '#shared/model/warmup-view.ts'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import { type FakeClock, fakeClock } from './clock.ts'
import { valueOf } from './engine.ts'
import { type MemoryMailWorld, memoryMailWorld } from './mail-world.ts'
import { testLog } from './platform.ts'

export type PoolOptions = {
  readonly mailboxes: number
  readonly startAt?: number
  readonly providers?: readonly string[]
  readonly timeZones?: readonly string[]
  readonly settings?: Partial<WarmupSettings>
  readonly dataDir?: string | null
  /** What plans and choices come from. The same each time, so that nothing fails by chance; `ROOKERY_SEED=7` for another. */
  readonly seed?: string
  readonly log?: Log
  /** Plays in the same time and world as this pool: the machine of somebody else. */
  readonly beside?: TestPool
  /** The domain behind all addresses; several made-up ones unless given. */
  readonly domain?: string
  /** What the vault keeps, for a process that goes on where another was killed. */
  readonly secrets?: Map<string, string>
  /** Servers in place of the world in memory; time stands still while `busy`. */
  readonly servers?: {
    readonly world: (clock: Clock) => MailWorld & { busy(): number }
    addressOf(index: number): string
    access(index: number): MailAccess
  }
}

export type TestPool = {
  /** The real time. */
  readonly clock: FakeClock
  /** The clock of the machine goes wrong by this much more. */
  turnClock(byMs: number): void
  readonly world: MemoryMailWorld
  readonly store: Store
  readonly mailboxes: WarmupMailbox[]
  readonly alerts: { readonly code: string; readonly mailboxId: string }[]
  /** What audits and blacklists say of a domain; without it nothing is known. */
  readonly standings: Map<string, DomainStanding>
  /** What a domain decides for its mailboxes; without it nothing. */
  readonly domains: Map<string, DomainWarmup>
  readonly settings: { startsByItself: boolean; tidyAfterDays: number }
  runner(): Runner
  isOnline: boolean
  isVaultReady: boolean
  /** So many reads from and writes to the world and the books later the process is killed; null for never. */
  killIn: number | null
  /** Plays time forward: everything that falls due on the way is done, one thing after the other. */
  runUntil(at: number): Promise<void>
  runDays(days: number): Promise<void>
  /** Looks until nothing is left to do now; tells when to look next. */
  settle(): Promise<number>
  /** What agreements with partners need. */
  agreements(): AgreementContext
  /** The process dies as it stands and a new one begins on the same data. */
  restart(store?: Store): Promise<void>
  /** Changes what is known of a mailbox. */
  change(index: number, change: Partial<WarmupMailbox>): void
  activity(
    code: WarmupActivityCode,
  ): { readonly no: number; readonly at: number; readonly facts: Record<string, unknown> }[]
  stop(): Promise<void>
}

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** A pool of mailboxes on a store, with a world in memory and time that is played forward. */
export async function testPool(options: PoolOptions): Promise<TestPool> {
  const time = options.beside?.clock ?? fakeClock(options.startAt ?? Date.UTC(2026, 2, 2, 4))
  let wrongByMs = 0
  /** The clock of the machine, which may be wrong; servers and the test itself go by the time. */
  const clock: Clock = { now: () => time.now() + wrongByMs, after: time.after }
  const world = options.beside?.world ?? memoryMailWorld(time)
  const outside = options.servers?.world(clock) ?? world
  const log = options.log ?? testLog()
  const dataDir = options.dataDir ?? null
  let store = valueOf(await openStore(dataDir, clock.now))
  const usual = options.beside === undefined ? 'pool' : 'beside'
  const seed = options.seed ?? `${usual}${process.env['ROOKERY_SEED'] ?? ''}`
  store.write(writes => writeState(writes, 'seed', seed))
  const { providers = ['gmail', 'microsoft365', 'other'], timeZones = ['Europe/Berlin'] } = options
  const mailboxes: WarmupMailbox[] = Array.from({ length: options.mailboxes }, (_, index) => ({
    id: `mailbox-${String(index).padStart(4, '0')}`,
    address:
      options.servers?.addressOf(index) ?? `writer${index}@${options.domain ?? `domain${index % 7}.example`}`,
    senderName: `Writer${index} Test`,
    domainName: options.domain ?? `domain${index % 7}.example`,
    domainId: null,
    provider: providers[index % providers.length] ?? 'other',
    timeZone: timeZones[index % timeZones.length] ?? 'UTC',
    dailyLimit: 50,
    hold: null,
    loginFailures: 0,
    isProven: true,
    canBeRead: true,
    smtpHost: `smtp${index % 5}.example`,
    connectionKey: 'one',
  }))
  const alerts: { code: string; mailboxId: string }[] = []
  const standings: TestPool['standings'] = new Map()
  const domains: TestPool['domains'] = new Map()
  const settings = { startsByItself: false, tidyAfterDays: 7 }
  const secrets = options.secrets ?? new Map<string, string>()

  let life = { isDead: false }
  let killIn: number | null = null
  /** Stands for one instruction at which the process may end; from then on nothing it does has an effect. */
  const pass = (own: { isDead: boolean }) => {
    if (own.isDead) throw new Error('The process is dead.')
    if (killIn === null) return
    killIn -= 1
    if (killIn > 0) return
    killIn = null
    own.isDead = true
    throw new Error('The process was killed.')
  }
  const mortalStore = (current: Store, own: { isDead: boolean }): Store => ({
    ...current,
    write: work => {
      pass(own)
      const value = current.write(work)
      pass(own)
      return value
    },
  })
  const guarded =
    <Asked extends unknown[], Answer>(own: { isDead: boolean }, work: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      pass(own)
      const answer = await work(...asked)
      pass(own)
      return answer
    }
  const mortalWorld = (own: { isDead: boolean }): MailWorld => ({
    send: async (access, message, signal) => {
      pass(own)
      const outcome = await outside.send(access, message, signal)
      pass(own)
      return outcome
    },
    watch: (access, places, events) => {
      const watch = outside.watch(access, places, events)
      const { find, findSent, read, rescue, markRead, file, tidy } = watch.mail
      const mail = {
        find: guarded(own, find),
        findSent: guarded(own, findSent),
        read: guarded(own, read),
        rescue: guarded(own, rescue),
        markRead: guarded(own, markRead),
        file: guarded(own, file),
        tidy: guarded(own, tidy),
      }
      return { mail, stop: watch.stop }
    },
  })

  const surroundingsOn = (current: Store): WarmupSurroundings => ({
    store: current,
    jobs: createJobs({ store: current, clock, log }),
    platform: { clock, log, dataDir },
    world: mortalWorld(life),
    hasWorld: true,
    vault: {
      isReady: () => pool.isVaultReady,
      read: async name => ok(secrets.get(name) ?? null),
      keep: async (name, text) => {
        secrets.set(name, text)
        return ok(null)
      },
      open: async () => ok(null),
      keepWithin: (_, name, text) => {
        secrets.set(name, text)
        return ok(null)
      },
      forgetWithin: (_, name) => void secrets.delete(name),
    },
    mailboxes: {
      all: () => [...mailboxes],
      find: (_, id) => mailboxes.find(mailbox => mailbox.id === id) ?? null,
      access: id => {
        const mailbox = mailboxes.find(one => one.id === id)
        if (mailbox === undefined) return null
        if (options.servers) return { ...options.servers.access(mailboxes.indexOf(mailbox)), mailboxId: id }
        return {
          mailboxId: id,
          address: mailbox.address,
          connection: {} as never,
          credential: async () => ok({ kind: 'password', password: '' }),
        }
      },
      loginRefused: (_, id) => {
        const index = mailboxes.findIndex(mailbox => mailbox.id === id)
        pool.change(index, { loginFailures: (mailboxes[index]?.loginFailures ?? 0) + 1 })
      },
    },
    standingOf: (_, domainName) => standings.get(domainName) ?? nothingKnown,
    ofDomain: (_, name) => domains.get(name) ?? { defaults: null, perDay: null },
    reputation,
    alerts: {
      raise: (_, { code, mailboxId }) => {
        if (!alerts.some(alert => alert.code === code && alert.mailboxId === mailboxId)) {
          alerts.push({ code, mailboxId })
        }
      },
      end: (_, { code, mailboxId }) => {
        const index = alerts.findIndex(alert => alert.code === code && alert.mailboxId === mailboxId)
        if (index >= 0) alerts.splice(index, 1)
      },
    },
    isOnline: () => pool.isOnline,
    settings: () => settings,
  })

  let runner = createRunner(surroundingsOn(mortalStore(store, life)), { wake: () => undefined })

  /** Servers of their own processes need the processor meanwhile. */
  const turn = () => (options.servers ? setTimeout(2) : setImmediate())
  const quiet = async () => {
    await setImmediate()
    while (runner.underWay() > 0 || outside.busy() > 0) await turn()
  }
  const settle = async () => {
    let next = clock.now()
    for (let round = 0; round < 1_000; round += 1) {
      next = await runner.look()
      await quiet()
      if (!runner.isWoken()) return next
    }
    throw new Error('It never comes to rest.')
  }

  const pool: TestPool = {
    clock: time,
    turnClock: byMs => {
      wrongByMs += byMs
    },
    world,
    get store() {
      return store
    },
    mailboxes,
    alerts,
    standings,
    domains,
    settings,
    isOnline: true,
    isVaultReady: true,
    get killIn() {
      return killIn
    },
    set killIn(operations) {
      killIn = operations
    },
    runner: () => runner,
    settle,
    agreements: () => ({ ...surroundingsOn(store), now: clock.now }),
    runUntil: async at => {
      while (time.now() < at) {
        const next = await settle().catch(async (error: unknown) => {
          if (!life.isDead) throw error
          return clock.now()
        })
        if (life.isDead) await pool.restart()
        time.advance(Math.max(1, Math.min(next - clock.now(), at - time.now())))
        await quiet()
      }
      await settle().catch((error: unknown) => {
        if (!life.isDead) throw error
      })
    },
    runDays: days => pool.runUntil(time.now() + days * dayMs),
    restart: async (fresh = store) => {
      life.isDead = true
      await runner.stop()
      store = fresh
      life = { isDead: false }
      runner = createRunner(surroundingsOn(mortalStore(store, life)), { wake: () => undefined })
    },
    change: (index, change) => {
      const before = mailboxes[index]
      if (before === undefined) return
      mailboxes[index] = { ...before, ...change }
      runner.roster.touch()
    },
    activity: code =>
      store
        .all<{ no: number; at: number; facts: string }>(
          'SELECT no, at, facts FROM warmup_activity WHERE code = ? ORDER BY id',
          code,
        )
        .map(({ no, at, facts }) => ({ no, at, facts: JSON.parse(facts) as Record<string, unknown> })),
    stop: async () => {
      await runner.stop()
      store.close()
    },
  }

  store.write(writes => {
    for (const { id, timeZone } of mailboxes) {
      if (memberOfMailbox(writes, id) !== null) continue
      const no = putMember(
        writes,
        id,
        { ...defaultSettings('conservative', timeZone), ...options.settings },
        clock.now(),
      )
      noteActivity(writes, no, 'started', {}, clock.now())
    }
  })
  return pool
}

/** The number of a mailbox in the books. */
export function numberOf({ store, mailboxes }: TestPool, index: number): number {
  return memberOfMailbox(store, mailboxes[index]?.id ?? '')?.no ?? 0
}

/** Plays time forward for several machines at once, each doing what falls due on the way. */
export async function runTogether(pools: readonly TestPool[], forMs: number): Promise<void> {
  const [first] = pools
  if (first === undefined) return
  const { clock } = first
  const settleAll = async (): Promise<number> => {
    const next: number[] = []
    for (const pool of pools) next.push(await pool.settle())
    return Math.min(...next)
  }
  for (const until = clock.now() + forMs; clock.now() < until; ) {
    const next = await settleAll()
    clock.advance(Math.max(1, Math.min(next, until) - clock.now()))
  }
  await settleAll()
}
