import { open } from 'node:fs/promises'
import { fileTrouble } from './read-text.ts'

type Octets =
  | { readonly ok: true; readonly octets: Uint8Array }
  | { readonly ok: false; readonly why: string }

/** The first octets of a file, `mostBytes` of them at most; `-` is standard input. `why` is for a person, without the path. */
export async function readOctets(file: string, mostBytes: number): Promise<Octets> {
  const octets = Buffer.alloc(mostBytes)
  let filled = 0
  try {
    if (file === '-') {
      for await (const chunk of process.stdin) {
        filled += (chunk as Buffer).copy(octets, filled)
        if (filled >= octets.length) break
      }
    } else {
      const handle = await open(file)
      try {
        for (let more = true; more && filled < octets.length; ) {
          const { bytesRead } = await handle.read(octets, filled, octets.length - filled)
          filled += bytesRead
          more = bytesRead > 0
        }
      } finally {
        await handle.close()
      }
    }
    return { ok: true, octets: octets.subarray(0, filled) }
  } catch (error) {
    return { ok: false, why: fileTrouble(error) }
  }
}
