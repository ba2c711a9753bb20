import type { VaultState } from '#shared/model/vault.ts'
import { isKeychainTrouble } from '#shared/model/vault-values.ts'
import type { KeyRow } from './rows.ts'

type Known = Pick<VaultState, 'keychain'> & {
  readonly row: KeyRow | null
  readonly isHeld: boolean
  readonly isLocked: boolean
  readonly isKeyGone: boolean
}

/** How the vault stands, from what is stored and what is known. Pure. */
export function stateOf({ row, isHeld, isLocked, isKeyGone, keychain }: Known): VaultState['state'] {
  if (row === null) return 'empty'
  if (isHeld) return 'open'
  if (isKeyGone) return 'key-gone'
  if (isLocked || row.place === 'passphrase') return 'locked'
  // Before it was first asked, a keychain counts as one that works.
  return isKeychainTrouble(keychain) ? 'unavailable' : 'open'
}
