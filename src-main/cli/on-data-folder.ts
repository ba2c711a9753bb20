import type { InProcessClient } from '#engine/in-process.ts'
import { failureLine } from '#shared/words/failures.ts'
import { dataFolder, openDataFolder } from './open-data-folder.ts'
import { openOutputs } from './output.ts'

export type OnDataFolder = {
  readonly client: InProcessClient
  /** Says on stderr why nothing was done; gives the exit code of a use that cannot be. */
  refuse(why: string): Promise<number>
  print(text: string): Promise<void>
}

/**
 * Does `work` on a data folder that no other process uses, and returns its exit code. The engine is not started: nothing
 * is sent, and nobody is asked anything. With a passphrase the vault is unlocked first.
 */
export async function onDataFolder(
  options: { readonly dataDir?: string; readonly build: string; readonly passphrase?: string | null },
  work: (at: OnDataFolder) => Promise<number>,
  { stdout, refuse }: Pick<ReturnType<typeof openOutputs>, 'stdout' | 'refuse'> = openOutputs(),
): Promise<number> {
  const { build, dataDir, passphrase = null } = options
  const opened = await openDataFolder({ build, folder: dataFolder(dataDir), passphrase })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const { client, stop } = opened.value
  try {
    const code = await work({ client, refuse, print: async text => void (await stdout.write(text)) })
    await stdout.flush()
    return code
  } finally {
    await stop()
  }
}
