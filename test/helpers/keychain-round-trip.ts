/** Does one thing with a vault on the system's keychain and prints what came of it, and how the vault then stands, as JSON. */
import { openStore } from '#engine/storage/open.ts'
import { createVault } from '#engine/vault/vault.ts'
import { systemKeychain } from '../../src-main/hosts/keychain.ts'
import { canary } from './canary.ts'
import { realClock, testLog } from './platform.ts'
import { cheapCost } from './vault.ts'

const [, , verb = '', folder = ''] = process.argv
const opened = await openStore(folder, Date.now)
if (!opened.ok) throw new Error(opened.failure.code)
const keychain = systemKeychain()
const vault = createVault({
  store: opened.value,
  keychain,
  clock: realClock,
  log: testLog(),
  cost: cheapCost,
})
const result = await work()
const state = await vault.look()
const keys = opened.value.all('SELECT place, state FROM vault_keys')
opened.value.close()
process.stdout.write(`${JSON.stringify({ result, state, keys })}\n`)
process.exit(0)

async function work(): Promise<unknown> {
  if (verb === 'keep') return vault.keep('test', canary())
  if (verb === 'rotate') return vault.rotate(null)
  if (verb === 'use-passphrase') return vault.usePassphrase(canary('passphrase'))
  if (verb === 'use-keychain') return vault.useKeychain(canary('passphrase'))
  if (verb === 'wipe') {
    const row = opened.ok ? opened.value.get<{ id: string }>('SELECT id FROM vault_keys') : undefined
    return keychain.remove(`data-key ${opened.ok ? opened.value.dataId : ''} ${row?.id}`)
  }
  const read = await vault.read('test')
  // The text itself would be a secret in clear.
  return read.ok ? { ok: true, isRight: read.value === canary() } : read
}
