import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { noMail } from '#engine/mailboxes/mail-reach.ts'
import { ok, type Result } from '#shared/failure.ts'
import { defaultDataFolder } from '../hosts/data-folder.ts'
import { systemKeychain } from '../hosts/keychain.ts'
import { quietPlatform } from './quiet-platform.ts'

export type OpenedFolder = {
  readonly client: InProcessClient
  stop(): Promise<void>
}

const nothingOutside = () => null

/** The folder that was named, or the one both hosts use. */
export function dataFolder(named: string | undefined): string {
  return resolve(
    named ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env }),
  )
}

/** Whether anything was ever kept there. Looking makes no folder. */
export function holdsData(folder: string): boolean {
  return existsSync(join(folder, 'rookery.db'))
}

/**
 * The engine on a person's own data, for one question: nothing that it does in the background is begun, and no mail server
 * is reached. Fails as `createEngine` does: `data-folder-locked` while a host works on the same folder. With a passphrase
 * the vault is unlocked first, and fails so.
 */
export async function openDataFolder(options: {
  readonly build: string
  readonly folder: string
  readonly passphrase: string | null
}): Promise<Result<OpenedFolder>> {
  const { build, folder, passphrase } = options
  const platform = quietPlatform({ build, dataDir: folder, keychain: systemKeychain() })
  const created = await createEngine(platform, undefined, nothingOutside, { makeMail: noMail })
  if (!created.ok) return created
  const engine = created.value
  const client = createInProcessClient(engine.router)
  if (passphrase !== null) {
    const unlocked = await client.vault.unlock({ passphrase })
    if (!unlocked.ok) {
      await engine.stop()
      return unlocked
    }
  }
  return ok({ client, stop: () => engine.stop() })
}
