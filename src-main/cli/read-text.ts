import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

/** Reads a file as UTF-8; `-` is standard input. `why` is for a person, without the path. */
export async function readText(
  path: string,
  stdin: NodeJS.ReadableStream,
): Promise<{ ok: true; text: string } | { ok: false; why: string }> {
  try {
    return { ok: true, text: path === '-' ? await text(stdin) : await readFile(path, 'utf8') }
  } catch (error) {
    return { ok: false, why: fileTrouble(error) }
  }
}

export function fileTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return troubles[code] ?? `the system says ${code}`
}

const troubles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ERR_STRING_TOO_LONG: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
}
