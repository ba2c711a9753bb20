/** Seals a word into a file, or opens it, with the data key of the system's keychain; prints what came of it as JSON. */
import { readFile, writeFile } from 'node:fs/promises'
import { keychainKey } from '#engine/vault/data-key.ts'
import { seal, unseal } from '#engine/vault/seal.ts'
import { systemKeychain } from '../../src-main/hosts/keychain.ts'

const [, , verb, file = ''] = process.argv
const key = await keychainKey(systemKeychain(), 'test-data').dataKey()
const outcome = key.ok ? await work(key.value) : key
process.stdout.write(`${JSON.stringify(outcome)}\n`)
process.exit(0)

async function work(dataKey: Uint8Array): Promise<object> {
  if (verb === 'seal') {
    await writeFile(file, seal(dataKey, Buffer.from('secret'), 'test'))
    return { ok: true }
  }
  const opened = unseal(dataKey, await readFile(file), 'test')
  return opened.ok ? { ok: true, text: Buffer.from(opened.value).toString('utf8') } : opened
}
