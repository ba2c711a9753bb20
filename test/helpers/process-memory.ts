import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const pageBytes = 4_096
const chunkPages = 1_024
/** What lies over the seam of two chunks is found all the same. */
const overlapBytes = 256

/**
 * Which of these texts stand in the memory of a process, as it is or as UTF-16: all that a core of it would show, without
 * writing one, for Node reserves far more than it uses. Null where the system does not let us look.
 */
export function searchMemory(pid: number, texts: readonly string[]): string[] | null {
  let memory: number | null = null
  let pagemap: number | null = null
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r')
    pagemap = openSync(`/proc/${pid}/pagemap`, 'r')
    const found = new Set<string>()
    for (const { from, to } of writableParts(pid)) {
      let tail: Uint8Array = new Uint8Array()
      for (let page = from / pageBytes; page < to / pageBytes; page += chunkPages) {
        const count = Math.min(chunkPages, to / pageBytes - page)
        const octets = isUsed(pagemap, page, count)
          ? readAt(memory, page * pageBytes, count * pageBytes)
          : null
        const chunk = octets === null ? Buffer.alloc(0) : Buffer.concat([tail, octets])
        tail = chunk.subarray(Math.max(0, chunk.length - overlapBytes))
        for (const text of texts)
          if (chunk.includes(text) || chunk.includes(Buffer.from(text, 'utf16le'))) found.add(text)
      }
    }
    return texts.filter(text => found.has(text))
  } catch {
    return null
  } finally {
    for (const file of [memory, pagemap]) if (file !== null) closeSync(file)
  }
}

function writableParts(pid: number): { from: number; to: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap(line => {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
      return from === '' ? [] : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }]
    })
}

/** Whether any of these pages is in memory or swapped out: the two highest bits of its eight octets. */
function isUsed(pagemap: number, firstPage: number, count: number): boolean {
  const entries = readAt(pagemap, firstPage * 8, count * 8)
  if (entries === null) return true
  for (let at = 7; at < entries.length; at += 8) if (((entries[at] ?? 0) & 0xc0) !== 0) return true
  return false
}

function readAt(file: number, position: number, length: number): Buffer | null {
  const octets = Buffer.alloc(length)
  try {
    return octets.subarray(0, readSync(file, octets, 0, length, position))
  } catch {
    return null
  }
}
