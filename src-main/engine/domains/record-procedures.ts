import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { OwnKeyRow } from '#shared/model/own-key.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { guarded } from '../guard.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import { gatherSpf, judgeSpf } from './checks/spf.ts'
import { makeKeyPair, type PrivateKeyKeeper, proposeSelector } from './dkim-keys.ts'
import { writeKeyFile } from './key-files.ts'
import { noteSaved, ownKeysOf, putKey, removeKey } from './key-store.ts'
import { readHost } from './plan-choices.ts'
import { lastReport } from './reports.ts'
import { findDomain } from './store.ts'

export type RecordDependencies = {
  readonly store: Store
  /** Null while nothing can keep a secret: keys then go to files alone. */
  readonly keeper: PrivateKeyKeeper | null
  /** Where keys are saved; null for an engine that keeps nothing. */
  readonly dataDir: string | null
  now(): number
  /** Runs questions within one deadline. */
  asking<T>(signal: AbortSignal | undefined, work: (ask: Ask) => Promise<T>): Promise<T>
}

/** The folder in the data folder that saved keys go to. */
const savedKeysFolder = 'saved-keys'

/** What may be asked about the records of a domain: `src-shared/contract/records.ts` says what each procedure answers. */
export function recordProcedures(engine: ReturnType<typeof guarded>, dependencies: RecordDependencies) {
  const { store, keeper, dataDir, now, asking } = dependencies
  const os = engine.records

  const save = async (name: string, pem: string): Promise<Result<string>> =>
    dataDir === null
      ? fail('data-folder-unwritable', { folder: '' })
      : writeKeyFile(join(dataDir, savedKeysFolder), name, pem)

  const keyOf = (id: string, selector: string): Result<{ name: string; key: OwnKeyRow }> => {
    const domain = findDomain(store, id)
    if (domain === null) return fail('domain-not-found', { id })
    const key = ownKeysOf(store, id).find(row => row.selector === selector)
    return key === undefined
      ? fail('dkim-key-not-found', { selector })
      : ok({ name: nameOf(domain.name, selector), key })
  }

  const taken = (id: string): string[] => [
    ...ownKeysOf(store, id).map(({ selector }) => selector),
    ...(lastReport(store, id)?.dkim.selectors ?? []).map(({ selector }) => selector),
  ]

  /** Names whose key is being made: two windows must not put two keys into the vault under one of them. */
  const making = new Set<string>()

  const create = async (
    name: string,
    { id, selector, place }: { id: string; selector: string; place: OwnKeyRow['place'] },
  ): Promise<Result<OwnKeyRow>> => {
    if (place === 'vault' && keeper === null) return fail('not-allowed')
    const { record, privateKey } = await makeKeyPair()
    const stored =
      place === 'file' || keeper === null
        ? await save(name, privateKey)
        : await keeper.keep(keptAs(name), privateKey)
    if (!stored.ok) return stored
    const key = { selector, record, createdAt: now(), place, file: stored.value }
    const written = writeOrFail(store, writes => {
      const isListed = findDomain(writes, id) !== null
      if (isListed) putKey(writes, id, key)
      return isListed
    })
    if (written.ok && written.value) return ok(key)
    // A private key that belongs to nothing must not lie about.
    await (key.file === null ? keeper?.forget(keptAs(name)) : rm(key.file, { force: true }))
    return written.ok ? fail('domain-not-found', { id }) : written
  }

  return {
    keys: os.keys.handler(async ({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      const keeping = await keeper?.canKeep()
      return ok({
        keys: ownKeysOf(store, input.id),
        proposed: proposeSelector(now(), taken(input.id)),
        canKeep: keeping?.ok === true,
        whyNot: keeping?.ok === false ? keeping.failure : null,
      })
    }),

    createKey: os.createKey.handler(async ({ input }): Promise<Result<OwnKeyRow>> => {
      const { id, selector } = input
      const domain = findDomain(store, id)
      if (domain === null) return fail('domain-not-found', { id })
      const name = nameOf(domain.name, selector)
      if (making.has(name) || taken(id).some(other => other.toLowerCase() === selector))
        return fail('dkim-selector-taken', { selector })
      making.add(name)
      try {
        return await create(name, input)
      } finally {
        making.delete(name)
      }
    }),

    saveKey: os.saveKey.handler(async ({ input }): Promise<Result<OwnKeyRow>> => {
      const found = keyOf(input.id, input.selector)
      if (!found.ok) return found
      const { name, key } = found.value
      if (key.place === 'file' || keeper === null) return ok(key)
      const pem = await keeper.read(keptAs(name))
      if (!pem.ok) return pem
      if (pem.value === null) return fail('dkim-key-not-found', { selector: input.selector })
      const path = await save(name, pem.value)
      if (!path.ok) return path
      const noted = writeOrFail(store, writes => noteSaved(writes, input.id, input.selector, path.value))
      if (!noted.ok) return noted
      const forgotten = await keeper.forget(keptAs(name))
      return forgotten.ok ? ok({ ...key, place: 'file', file: path.value }) : forgotten
    }),

    removeKey: os.removeKey.handler(async ({ input }): Promise<Result<null>> => {
      const found = keyOf(input.id, input.selector)
      if (!found.ok) return found
      if (found.value.key.place === 'vault' && keeper !== null) {
        const forgotten = await keeper.forget(keptAs(found.value.name))
        if (!forgotten.ok) return forgotten
      }
      const removed = writeOrFail(store, writes => removeKey(writes, input.id, input.selector))
      return removed.ok ? ok(null) : removed
    }),

    checkName: os.checkName.handler(async ({ input, signal }) => {
      const host = readHost(input.name)
      if (!host.ok) return host
      const name = host.value
      if (input.use === 'spf-include') {
        const { result } = await asking(signal, async ask => judgeSpf(await gatherSpf(name, ask)))
        const state =
          result.state === 'unavailable' ? result.state : result.record === null ? 'unusable' : 'usable'
        return ok({ name, state, lookups: state === 'usable' ? result.lookups + 1 : null } as const)
      }
      const answers = await asking(signal, ask => Promise.all([ask(name, 'A'), ask(name, 'AAAA')]))
      const isFound = answers.some(answer => answer.state === 'found')
      const isKnown = answers.every(answer => answer.state !== 'unavailable')
      const state = isFound ? 'usable' : isKnown ? 'unusable' : 'unavailable'
      return ok({ name, state, lookups: null } as const)
    }),
  }
}

function nameOf(domain: string, selector: string): string {
  return `${selector}._domainkey.${domain}`
}

function keptAs(name: string): string {
  return `dkim/${name}`
}
