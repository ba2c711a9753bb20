import { oc } from '@orpc/contract'
import { z } from 'zod'
import { resultOf } from '../model/result.ts'
import { vaultSchema } from '../model/vault.ts'
import { passphraseMostCharacters } from '../model/vault-values.ts'

const passphrase = z.string().max(passphraseMostCharacters)
const state = resultOf(vaultSchema)
const dayMs = 24 * 60 * 60_000

/**
 * The vault seals every password, token and private key. How it stands comes with `host.status` too; each call answers
 * with the state after it. No answer ever holds a secret.
 */
export const vault = {
  /** How it stands, after asking the keychain. */
  state: oc.output(state),

  /** Opens it: with the passphrase, or null where the key is in the keychain. */
  unlock: oc.input(z.object({ passphrase: passphrase.nullable() })).output(state),

  /** Forgets the key in memory. Jobs that need a secret wait until it is unlocked. */
  lock: oc.output(state),

  /** Locks it so long after each unlocking; null never. */
  setAutoLock: oc
    .input(
      z.object({
        afterMs: z
          .number()
          .int()
          .min(60_000)
          .max(7 * dayMs)
          .nullable(),
      }),
    )
    .output(state),

  /** Keeps the key under a passphrase from now on: the first key, or the one of the keychain, which forgets it. */
  usePassphrase: oc.input(z.object({ passphrase })).output(state),

  changePassphrase: oc.input(z.object({ current: passphrase, next: passphrase })).output(state),

  /** Keeps the key in the keychain from now on. The passphrase, where there is one, is asked for once more. */
  useKeychain: oc.input(z.object({ passphrase: passphrase.nullable() })).output(state),

  /** Makes a new key and seals every secret anew, at the same place. With a passphrase, that is needed. */
  rotate: oc.input(z.object({ passphrase: passphrase.nullable() })).output(state),

  /**
   * When the key is gone or its passphrase forgotten: a new key, in the keychain or under a new passphrase. What the old
   * key sealed stays as it is, cannot be opened, and has to be entered again.
   */
  startAnew: oc.input(z.object({ passphrase: passphrase.nullable() })).output(state),
}
