import type { Readable } from 'node:stream'
import type { EngineRouter } from '#engine/guard.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { passphraseMostCharacters } from '#shared/model/vault-values.ts'
import { failureLine } from '#shared/words/failures.ts'

const mostBytes = passphraseMostCharacters * 4

/**
 * Opens the vault with the first line of a stream: for a machine that starts by itself. A passphrase in an argument or in
 * the environment would be there for every process of the account to read. Returns what to say, and whether to go on.
 */
export async function unlockFrom(
  stream: Readable,
  router: EngineRouter,
): Promise<{ goOn: boolean; say: string | null }> {
  const line = await firstLine(stream)
  if (line === '') return { goOn: false, say: 'There was no passphrase on standard input.' }
  const unlocked = await createInProcessClient(router).vault.unlock({ passphrase: line })
  if (!unlocked.ok) return { goOn: false, say: failureLine(unlocked.failure) }
  const { place } = unlocked.value
  if (place === 'passphrase') return { goOn: true, say: null }
  return {
    goOn: true,
    say:
      place === null
        ? 'The vault has no passphrase yet, so the one given was not used. Set it in Settings.'
        : 'The key of the vault is in the keychain, so the passphrase given was not used.',
  }
}

async function firstLine(stream: Readable): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (part.includes(10) || bytes > mostBytes) break
  }
  const all = Buffer.concat(parts)
  const line = all.toString('utf8').split(/\r?\n/, 1)[0] ?? ''
  for (const part of [all, ...parts]) part.fill(0)
  return line.slice(0, passphraseMostCharacters)
}
