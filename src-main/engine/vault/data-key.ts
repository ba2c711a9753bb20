import { randomBytes } from 'node:crypto'
import { fail, type FailureCode, ok, type Result } from '#shared/failure.ts'
import type { KeyPlace, VaultState } from '#shared/model/vault.ts'
import { isKeychainTrouble } from '#shared/model/vault-values.ts'
import type { Clock, Keychain, Log } from '../platform.ts'
import { storageTrouble, writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import { afterWrong, noAttempts, remainingMs } from './attempts.ts'
import { keychainEntries } from './key-places.ts'
import { checkPassphrase, openKey, type PassphraseCost, passphraseCost, sealKey } from './passphrase.ts'
import {
  countSecrets,
  currentKey,
  dropKey,
  isKeyOf,
  keyIdentityOf,
  type KeyRow,
  noteKey,
  proofOf,
  readLockAfter,
  replaceKey,
  writeLockAfter,
} from './rows.ts'
import { dataKeyBytes } from './seal.ts'
import type { SecretFailure } from './secrets.ts'
import { stateOf } from './state.ts'

export type DataKey = {
  /** Makes sure that the key is at hand: from the keychain, or made there at the first secret. */
  open(): Promise<Result<null, SecretFailure>>
  /** Whether it is at hand or could be, without making one. Fails as `open` does. */
  answers(): Promise<Result<null, SecretFailure>>
  /** The key, for use before anything else is awaited: it may be wiped later. Null while it is not at hand. */
  atHand(): Held | null
  state(): VaultState
  /** Looks again whether the keychain answers and has the key; nothing is made or changed. */
  look(): Promise<VaultState>
  /** False while secrets are there and cannot be read. What needs one should wait. */
  isReady(): boolean
  /** Calls back whenever secrets can be read again. Returns the unsubscribe. */
  onReady(callback: () => void): () => void
  /** See `src-shared/contract/vault.ts` for these. */
  unlock(passphrase: string | null): Promise<Result<null>>
  lock(): Promise<void>
  setAutoLock(afterMs: number | null): Result<null>
  usePassphrase(passphrase: string): Promise<Result<null>>
  changePassphrase(current: string, next: string): Promise<Result<null>>
  useKeychain(passphrase: string | null): Promise<Result<null>>
  rotate(passphrase: string | null): Promise<Result<null>>
  startAnew(passphrase: string | null): Promise<Result<null>>
  /** Wipes the key and ends the timer. */
  stop(): void
}

export type DataKeyOptions = {
  readonly store: Store
  readonly keychain: Keychain
  readonly clock: Clock
  readonly log: Log
  /** Jobs that are due and wait for it. */
  readonly waitingJobs?: () => number
  readonly cost?: PassphraseCost
}

export type Held = { readonly id: string; readonly key: Uint8Array }
type Target = { readonly place: 'keychain' } | { readonly place: 'passphrase'; readonly passphrase: string }

/**
 * The data key of one data folder: in the keychain or under a passphrase, and in memory while the vault is open. Whatever
 * makes a new key seals every secret anew in one transaction; a process that dies on the way leaves the old key or the new
 * one in force, never a mixture. One thing at a time: calls wait for each other.
 */
export function createDataKey(options: DataKeyOptions): DataKey {
  const { store, clock, log, waitingJobs = () => 0, cost = passphraseCost } = options
  const entries = keychainEntries(options.keychain, store.dataId)
  const listeners = new Set<() => void>()
  let held: Held | null = null
  /** By hand or by time; the keychain would open it again at once. */
  let isLocked = false
  let isKeyGone = false
  let keychain: VaultState['keychain'] = 'unknown'
  let attempts = noAttempts
  let locksAt: number | null = null
  let callOff: (() => void) | null = null

  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  const noted = <T, C extends FailureCode>(result: Result<T, C>): Result<T, C> => {
    if (result.ok || result.failure.code === 'vault-key-gone') keychain = 'works'
    else if (result.failure.code === 'vault-no-keychain') {
      const { reason } = result.failure.detail
      keychain = isKeychainTrouble(reason) ? reason : 'unknown'
    }
    isKeyGone = !result.ok && result.failure.code === 'vault-key-gone'
    if (isKeyGone) log.warn('vault-key-gone')
    return result
  }

  const hold = (next: Held) => {
    if (held !== null && held.key !== next.key) held.key.fill(0)
    held = next
    isLocked = false
    isKeyGone = false
    armAutoLock()
    for (const callback of listeners) callback()
  }

  const letGo = () => {
    held?.key.fill(0)
    held = null
    callOff?.()
    locksAt = null
  }

  const lockNow = () => {
    if (currentKey(store) === null) return
    letGo()
    isLocked = true
    log.info('vault-locked')
  }

  const armAutoLock = () => {
    callOff?.()
    const afterMs = readLockAfter(store)
    locksAt = afterMs === null || held === null ? null : clock.now() + afterMs
    if (afterMs !== null && held !== null)
      callOff = clock.after(afterMs, () => void inTurn(async () => lockNow()))
  }

  /** Timers stand still while a machine sleeps; the time does not. */
  const atHand = (): Held | null => {
    if (locksAt !== null && clock.now() >= locksAt) lockNow()
    return held
  }

  /** What every use of a secret goes through: the key at hand, from the keychain, or made there at the first secret. */
  const load = async (): Promise<Result<null, SecretFailure>> => {
    if (atHand() !== null) return ok(null)
    const row = currentKey(store)
    if (row === null) return rekey({ place: 'keychain' }, null)
    if (isLocked || row.place === 'passphrase') {
      return isKeyGone ? fail('vault-key-gone') : fail('vault-locked', {}, 'later')
    }
    return loadFrom(row)
  }

  const loadFrom = async (row: KeyRow): Promise<Result<null, SecretFailure>> => {
    const found = noted(await entries.load(row))
    if (!found.ok) {
      const { code, detail } = found.failure
      return code === 'vault-no-keychain' ? fail(code, { ...detail, hasKey: true }, 'later') : found
    }
    if (row.proof === null) {
      const proof = proofOf(found.value, row.id)
      store.write(writes => writes.run('UPDATE vault_keys SET proof = ? WHERE id = ?', proof, row.id))
    }
    hold({ id: row.id, key: found.value })
    await entries.tidy(store)
    return ok(null)
  }

  const open = async () => (atHand() !== null ? ok(null) : inTurn(load))

  /** Opens the current key with its passphrase, which is looked at only so often. The octets are the caller's to wipe. */
  const tryPassphrase = async (row: KeyRow, passphrase: string | null): Promise<Result<Held>> => {
    const waitMs = remainingMs(attempts, clock.now())
    if (waitMs > 0) return fail('vault-wait', { seconds: Math.ceil(waitMs / 1_000) }, 'later')
    if (passphrase === null) return fail('vault-locked', {}, 'later')
    const opened = await openKey(row.sealed_key ?? '', passphrase, keyIdentityOf(row.id))
    if (opened.ok && isKeyOf(opened.value, row)) {
      attempts = noAttempts
      return ok({ id: row.id, key: opened.value })
    }
    if (!opened.ok && opened.failure.code === 'vault-wrong-passphrase') {
      attempts = afterWrong(attempts, clock.now())
      log.warn('vault-wrong-passphrase', { wrong: attempts.wrong })
      return opened
    }
    isKeyGone = true
    return fail('vault-key-gone')
  }

  /** The key in force, proved by its passphrase where it has one. A copy: the caller wipes it. */
  const proved = async (row: KeyRow, passphrase: string | null): Promise<Result<Held>> => {
    if (row.place === 'passphrase') return tryPassphrase(row, passphrase)
    const loaded = await load()
    if (!loaded.ok) return loaded
    return held === null
      ? fail('vault-locked', {}, 'later')
      : ok({ id: held.id, key: Uint8Array.from(held.key) })
  }

  /** A new key at `target`, with everything that `from` opens sealed anew. Wipes `from`. */
  const rekey = async (target: Target, from: Held | null): Promise<Result<null, SecretFailure>> => {
    const next = { id: randomBytes(6).toString('hex'), key: new Uint8Array(randomBytes(dataKeyBytes)) }
    const begun = writeOrFail(store, writes => noteKey(writes, next.id, target.place, clock.now()))
    if (!begun.ok) return begun
    const placed = await place(target, next)
    const written = placed.ok
      ? writeOrFail(store, writes => replaceKey(writes, from, { ...next, sealedKey: placed.value }))
      : placed
    from?.key.fill(0)
    if (written.ok) {
      attempts = noAttempts
      hold(next)
      log.info('vault-key-made', { place: target.place })
    } else {
      next.key.fill(0)
      if (!placed.ok) forgetRow(next.id)
    }
    await entries.tidy(store)
    return written.ok ? ok(null) : written
  }

  const forgetRow = (id: string) => {
    try {
      store.write(writes => dropKey(writes, id))
    } catch (error) {
      // The row may stay: it is tidied away later.
      if (storageTrouble(error) === null) throw error
    }
  }

  const place = async (target: Target, next: Held): Promise<Result<string | null, 'vault-no-keychain'>> => {
    if (target.place === 'passphrase')
      return ok(await sealKey(next.key, target.passphrase, keyIdentityOf(next.id), cost))
    const put = noted(await entries.put(next.id, next.key))
    return put.ok ? ok(null) : put
  }

  /** Proves the key in force, where there is one, and moves it. */
  const move = async (target: Target, passphrase: string | null): Promise<Result<null>> => {
    const row = currentKey(store)
    const from = row === null ? null : await proved(row, passphrase)
    if (from?.ok === false) return from
    return rekey(target, from === null ? null : from.value)
  }

  const under = async (passphrase: string, work: (target: Target) => Promise<Result<null>>) => {
    const checked = checkPassphrase(passphrase)
    return checked.ok ? inTurn(() => work({ place: 'passphrase', passphrase })) : checked
  }

  const placeNow = (): KeyPlace | null => currentKey(store)?.place ?? null

  const state = (): VaultState => {
    const isHeld = atHand() !== null
    const row = currentKey(store)
    return {
      state: stateOf({ row, isHeld, isLocked, isKeyGone, keychain }),
      place: row?.place ?? null,
      keychain,
      ...countSecrets(store),
      keyMadeAt: row?.made_at ?? null,
      lockAfterMs: readLockAfter(store),
      locksAt,
      waitUntilAt: remainingMs(attempts, clock.now()) > 0 ? attempts.waitUntilAt : null,
      waitingJobs: waitingJobs(),
    }
  }

  return {
    open,
    answers: async () => {
      if (currentKey(store) !== null) return open()
      const found = await inTurn(async () => noted(await entries.probe()))
      return found.ok ? ok(null) : found
    },
    atHand,
    state,
    look: () =>
      inTurn(async () => {
        const row = currentKey(store)
        if (row?.place === 'keychain' && !isLocked && atHand() === null) await loadFrom(row)
        else if (row?.place === 'keychain' && held !== null) {
          const again = noted(await entries.load(row))
          if (again.ok) again.value.fill(0)
        } else {
          const gone = isKeyGone
          noted(await entries.probe())
          isKeyGone = gone
        }
        return state()
      }),
    isReady: () => atHand() !== null || currentKey(store) === null,
    onReady: callback => {
      listeners.add(callback)
      return () => listeners.delete(callback)
    },

    unlock: passphrase =>
      inTurn(async () => {
        const row = currentKey(store)
        if (row === null || atHand() !== null) return ok(null)
        isLocked = false
        if (row.place === 'keychain') return loadFrom(row)
        const opened = await tryPassphrase(row, passphrase)
        if (!opened.ok) return opened
        hold(opened.value)
        log.info('vault-unlocked')
        return ok(null)
      }),
    lock: () => inTurn(async () => lockNow()),
    setAutoLock: afterMs => {
      const written = writeOrFail(store, writes => writeLockAfter(writes, afterMs))
      if (!written.ok) return written
      armAutoLock()
      return ok(null)
    },
    usePassphrase: async passphrase =>
      placeNow() === 'passphrase' ? fail('not-allowed') : under(passphrase, target => move(target, null)),
    changePassphrase: async (current, next) =>
      placeNow() === 'passphrase' ? under(next, target => move(target, current)) : fail('not-allowed'),
    useKeychain: passphrase =>
      inTurn(async () => (placeNow() === 'keychain' ? load() : move({ place: 'keychain' }, passphrase))),
    rotate: async passphrase => {
      const before = placeNow()
      if (before === null) return ok(null)
      if (before === 'keychain') return inTurn(() => move({ place: 'keychain' }, null))
      // Not held against the rule for new ones: it is the one in use.
      return passphrase === null
        ? fail('vault-locked', {}, 'later')
        : inTurn(() => move({ place: 'passphrase', passphrase }, passphrase))
    },
    startAnew: async passphrase => {
      const { state: now, place } = state()
      // One that was locked by hand needs no passphrase: nothing is lost.
      if (now === 'open' || now === 'empty' || (now === 'locked' && place === 'keychain'))
        return fail('not-allowed')
      return passphrase === null
        ? inTurn(() => rekey({ place: 'keychain' }, null))
        : under(passphrase, target => rekey(target, null))
    },
    stop: letGo,
  }
}
