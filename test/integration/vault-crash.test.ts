import { readdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '#engine/storage/open.ts'
import { createVault } from '#engine/vault/vault.ts'
import { ok } from '#shared/failure.ts'
import { canary } from '../helpers/canary.ts'
import { startChild } from '../helpers/child.ts'
import { valueOf } from '../helpers/engine.ts'
import { fileKeychain } from '../helpers/file-keychain.ts'
import { realClock, temporaryFolder, testLog } from '../helpers/platform.ts'
import { cheapCost } from '../helpers/vault.ts'

const kills = 20

let folder: ReturnType<typeof temporaryFolder>
let keychainFolder: ReturnType<typeof temporaryFolder>
beforeAll(() => {
  folder = temporaryFolder()
  keychainFolder = temporaryFolder()
})
afterAll(() => {
  folder.remove()
  keychainFolder.remove()
})

type Line = { kind: 'ready' } | { kind: 'kept'; name: string } | { kind: 'moving' | 'moved' }

test(`${kills} kills while keys are made anew: every secret still opens, and no key is left over`, async () => {
  const kept = new Set<string>()
  let midway = 0
  let moved = 0
  for (let round = 0; round < kills; round += 1) {
    const lines = await runAndKill(round)
    for (const line of lines) if (line.kind === 'kept') kept.add(line.name)
    moved += lines.filter(line => line.kind === 'moved').length
    if (lines.at(-1)?.kind === 'moving') midway += 1

    const store = valueOf(await openStore(folder.path, Date.now))
    const vault = createVault({
      store,
      keychain: fileKeychain(keychainFolder.path),
      clock: realClock,
      log: testLog(),
      cost: cheapCost,
    })
    expect(await vault.unlock(canary('passphrase'))).toEqual(ok(null))
    for (const name of kept) expect(await vault.read(name)).toEqual(ok(canary(name)))
    expect(vault.state().lost).toBe(0)
    // The next key that is made clears up behind the one that was cut off.
    valueOf(await vault.rotate(vault.state().place === 'passphrase' ? canary('passphrase') : null))
    expect(store.all("SELECT id FROM vault_keys WHERE state <> 'current'")).toEqual([])
    const entries = readdirSync(keychainFolder.path).filter(name => !name.endsWith('.new'))
    expect(entries).toHaveLength(vault.state().place === 'keychain' ? 1 : 0)
    vault.stop()
    store.close()
  }
  console.log(`${kills} kills: ${kept.size} secrets, ${moved} new keys, ${midway} cut off midway`)
  expect(midway).toBeGreaterThan(0)
  expect(moved).toBeGreaterThan(kills)
}, 300_000)

async function runAndKill(round: number): Promise<Line[]> {
  const child = startChild('rekey-until-killed.ts', folder.path, keychainFolder.path, String(round))
  const lines: Line[] = []
  const steps = 3 + Math.floor(Math.random() * 15)
  const killed = (async () => {
    for (let text = await child.line(); text !== null; text = await child.line()) {
      lines.push(JSON.parse(text))
      // By what it has done, not by time alone: a busy machine does less.
      if (lines.length === steps) void setTimeout(Math.random() * 5).then(() => child.kill())
    }
  })()
  await killed
  expect(lines[0]).toEqual({ kind: 'ready' })
  return lines
}
