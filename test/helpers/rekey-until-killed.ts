// Makes new keys for the vault of the data folder, again and again and in every way, until it is killed. Prints what it
// is about to do and what was acknowledged.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { openStore } from '#engine/storage/open.ts'
import { createVault } from '#engine/vault/vault.ts'
import type { Result } from '#shared/failure.ts'
import { canary } from './canary.ts'
import { fileKeychain } from './file-keychain.ts'
import { realClock, testLog } from './platform.ts'
import { cheapCost } from './vault.ts'

const [dataDir = '', keychainDir = '', round = '0'] = process.argv.slice(2)
const passphrase = canary('passphrase')
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const store = value(await openStore(dataDir, Date.now))
const vault = createVault({
  store,
  keychain: fileKeychain(keychainDir),
  clock: realClock,
  log: testLog(),
  cost: cheapCost,
})
value(await vault.unlock(passphrase))
// Who is killed leaves no compiled code behind for the next one.
flushCompileCache()
say({ kind: 'ready' })

for (let step = 0; ; step += 1) {
  const name = `r${round}.s${step}`
  value(await vault.keep(name, canary(name)))
  say({ kind: 'kept', name })
  const { place } = vault.state()
  say({ kind: 'moving', from: place })
  if (Math.random() < 0.5) value(await vault.rotate(place === 'passphrase' ? passphrase : null))
  else if (place === 'passphrase') value(await vault.useKeychain(passphrase))
  else value(await vault.usePassphrase(passphrase))
  say({ kind: 'moved' })
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}
