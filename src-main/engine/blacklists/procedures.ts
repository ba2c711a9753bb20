import { fail, ok, type Result } from '#shared/failure.ts'
import {
  type BlacklistEvent,
  type BlacklistReport,
  keyServices,
  type ListEntry,
  zoneNameSchema,
} from '#shared/model/blacklist.ts'
import type { guarded } from '../guard.ts'
import { limits } from '../net/limits.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import {
  type ActiveList,
  activeLists,
  customList,
  isOn,
  knownLists,
  type ListChoice,
  refuseDenied,
} from './lists.ts'
import {
  forgetTests,
  keepBlacklistReport,
  lastBlacklistReport,
  type ListingEvents,
  readChoice,
  testsOf,
  withCustom,
  writeChoice,
} from './store.ts'
import type { Sweeper } from './sweep.ts'
import type { ReadDomainFacts } from './sweep-job.ts'
import { type ReadDomain, readTargets, targetsOf } from './targets.ts'

export type BlacklistDependencies = {
  readonly store: Store
  readonly sweeper: Sweeper
  readonly secrets: Secrets & { isReady(): boolean }
  readonly events: ListingEvents
  readonly readDomain: ReadDomainFacts
  readonly readName: ReadDomain
  /** The lists that are on, with their keys. */
  lists(): Promise<ActiveList[]>
  /** The servers that are asked now, in one text. */
  resolver(): string
  now(): number
}

type Stream = AsyncGenerator<BlacklistEvent, Result<BlacklistReport>, void>

const never = new AbortController().signal

/** The name a service's key is sealed under. */
const secretOf = (service: string) => `blacklist-key ${service}`

/** The lists that are on, with the keys that can be opened; a key that cannot be is left out, and the list asked as by anyone. */
export async function listsInUse(store: Store, secrets: Secrets): Promise<ActiveList[]> {
  const keys: Partial<Record<(typeof keyServices)[number], string>> = {}
  for (const service of keyServices) {
    const read = secrets.has(secretOf(service)) ? await secrets.read(secretOf(service)) : null
    if (read?.ok === true && read.value !== null) keys[service] = read.value
  }
  return activeLists(readChoice(store), keys)
}

/** Whether every key that is kept can be read: a sweep without it would take a listing for one that has ended. */
export function keysAreAtHand(secrets: BlacklistDependencies['secrets']): boolean {
  return secrets.isReady() || !keyServices.some(service => secrets.has(secretOf(service)))
}

/** What may be asked about blacklists: `src-shared/contract/blacklists.ts` says what each procedure answers. */
export function blacklistProcedures(engine: ReturnType<typeof guarded>, dependencies: BlacklistDependencies) {
  const { store, sweeper, secrets, events, readDomain, readName, lists, resolver } = dependencies
  const os = engine.blacklists

  const entries = (): ListEntry[] => {
    const choice = readChoice(store)
    const known = knownLists.map(list => {
      const hasKey = list.keyed !== undefined && secrets.has(secretOf(list.keyed.service))
      const key = list.keyed
        ? { service: list.keyed.service, required: list.keyed.required, present: hasKey }
        : null
      return { list, key, hasKey, custom: false, on: isOn(list, choice) }
    })
    const custom = choice.custom.map(own => ({
      list: customList(own),
      key: null,
      hasKey: false,
      custom: true,
      on: !choice.off.includes(own.zone),
    }))
    return [...known, ...custom].map(({ list, key, hasKey, custom, on }) => ({
      zone: list.zone,
      name: list.name,
      kinds: [...list.kinds],
      weight: list.weight,
      policy: list.policy,
      on,
      custom,
      needsRegistration: list.needsRegistration === true,
      key,
      selfTests: testsOf(store, list.zone, resolver(), hasKey),
    }))
  }

  const change = (work: (choice: ListChoice) => ListChoice) => {
    const written = writeOrFail(store, writes => writeChoice(writes, work(readChoice(writes))))
    return written.ok ? ok(entries()) : written
  }

  return {
    check: os.check.handler(async function* ({ input, signal }): Stream {
      const domain = readDomain(input.id)
      if (domain === null) return fail('domain-not-found', { id: input.id })
      const { targets, leftOut } = targetsOf(domain.name, domain.report)
      const swept = yield* sweeper.sweep({ targets, leftOut, lists: await lists(), signal: signal ?? never })
      if (!swept.ok) return swept
      const kept = writeOrFail(store, writes => keepBlacklistReport(writes, input.id, swept.value, events))
      return kept.ok ? swept : kept
    }),

    look: os.look.handler(async function* ({ input, signal }): Stream {
      const targets = readTargets(input.targets, readName)
      if (!targets.ok) return targets
      return yield* sweeper.sweep({ targets: targets.value, lists: await lists(), signal: signal ?? never })
    }),

    report: os.report.handler(({ input }) =>
      readDomain(input.id) === null
        ? fail('domain-not-found', { id: input.id })
        : ok(lastBlacklistReport(store, input.id)),
    ),

    lists: os.lists.handler(() => ok(entries())),

    setList: os.setList.handler(({ input: { zone, on } }) => {
      if (!entries().some(entry => entry.zone === zone)) return fail('blacklist-not-found', { zone })
      const without = (zones: readonly string[]) => zones.filter(other => other !== zone)
      return change(choice => ({
        ...choice,
        on: on ? [...without(choice.on), zone] : without(choice.on),
        off: on ? without(choice.off) : [...without(choice.off), zone],
      }))
    }),

    addList: os.addList.handler(({ input }) => {
      const zone = input.zone.trim().toLowerCase().replace(/\.$/, '')
      const isUsable =
        zoneNameSchema.safeParse(zone).success &&
        readChoice(store).custom.length < limits.blacklistCustomLists
      const isPage = input.delistUrl === null || input.delistUrl.startsWith('https://')
      if (!isUsable || !isPage) return fail('blacklist-zone-invalid', { zone: zone.slice(0, 100) })
      const denied = refuseDenied(zone)
      if (!denied.ok) return denied
      if (entries().some(entry => entry.zone === zone)) return fail('blacklist-already-added', { zone })
      return change(choice => withCustom(choice, { ...input, zone }))
    }),

    removeList: os.removeList.handler(({ input: { zone } }) => {
      if (!readChoice(store).custom.some(list => list.zone === zone)) {
        return fail('blacklist-not-found', { zone })
      }
      return change(choice => ({
        off: choice.off.filter(other => other !== zone),
        on: choice.on.filter(other => other !== zone),
        custom: choice.custom.filter(list => list.zone !== zone),
      }))
    }),

    setKey: os.setKey.handler(async ({ input: { service, key } }) => {
      if (key !== null && !/^[a-z0-9]{8,63}$/i.test(key)) return fail('blacklist-key-invalid')
      const kept =
        key === null ? secrets.forget(secretOf(service)) : await secrets.keep(secretOf(service), key)
      if (!kept.ok) return kept
      const zones = knownLists.filter(list => list.keyed?.service === service).map(list => list.zone)
      return writeOrFail(store, writes => {
        forgetTests(writes, zones)
        return null
      })
    }),
  }
}
