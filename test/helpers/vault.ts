import type { Clock, Keychain } from '#engine/platform.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { createVault, type Vault } from '#engine/vault/vault.ts'
import { fail, type Result } from '#shared/failure.ts'
import type { KeychainTrouble } from '#shared/model/vault-values.ts'
import { fakeClock } from './clock.ts'
import { valueOf } from './engine.ts'
import { memoryKeychain, testLog } from './platform.ts'

/** As cheap as a data file may ask for, so that tests do not wait. */
export const cheapCost = { N: 1_024, r: 8, p: 1 }

/** A keychain whose every call fails, until `mended`. */
export function brokenKeychain(reason: KeychainTrouble): Keychain & { mend(): void } {
  const works = memoryKeychain()
  let isMended = false
  const or = <T>(work: () => Promise<Result<T, 'vault-no-keychain'>>) =>
    isMended ? work() : Promise.resolve(fail('vault-no-keychain', { reason }, 'later'))
  return {
    read: name => or(() => works.read(name)),
    write: (name, secret) => or(() => works.write(name, secret)),
    remove: name => or(() => works.remove(name)),
    mend: () => {
      isMended = true
    },
  }
}

export async function memoryStore(): Promise<Store> {
  return valueOf(await openStore(null, Date.now))
}

export function testVault(
  store: Store,
  { keychain = memoryKeychain(), clock = fakeClock() }: { keychain?: Keychain; clock?: Clock } = {},
): Vault {
  return createVault({ store, keychain, clock, log: testLog(), cost: cheapCost })
}
