import { ok, type Result } from '#shared/failure.ts'
import type { guarded } from '../guard.ts'
import type { Vault } from './vault.ts'

/** What may be asked of the vault: `src-shared/contract/vault.ts` says what each procedure answers. */
export function vaultProcedures(engine: ReturnType<typeof guarded>, vault: Vault) {
  const os = engine.vault
  const andState = (result: Result<null>) => (result.ok ? ok(vault.state()) : result)
  return {
    state: os.state.handler(async () => ok(await vault.look())),
    unlock: os.unlock.handler(async ({ input }) => andState(await vault.unlock(input.passphrase))),
    lock: os.lock.handler(async () => {
      await vault.lock()
      return ok(vault.state())
    }),
    setAutoLock: os.setAutoLock.handler(({ input }) => andState(vault.setAutoLock(input.afterMs))),
    usePassphrase: os.usePassphrase.handler(async ({ input }) =>
      andState(await vault.usePassphrase(input.passphrase)),
    ),
    changePassphrase: os.changePassphrase.handler(async ({ input }) =>
      andState(await vault.changePassphrase(input.current, input.next)),
    ),
    useKeychain: os.useKeychain.handler(async ({ input }) =>
      andState(await vault.useKeychain(input.passphrase)),
    ),
    rotate: os.rotate.handler(async ({ input }) => andState(await vault.rotate(input.passphrase))),
    startAnew: os.startAnew.handler(async ({ input }) => andState(await vault.startAnew(input.passphrase))),
  }
}
