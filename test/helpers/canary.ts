import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Every password, token and passphrase of a test is a canary: its text holds a mark that stands nowhere else. Wherever a
 * sweep finds the mark, a secret was left in clear. Passwords reach other processes through pipes or the contract alone.
 */
const mark = ['Quill7', 'Canary'].join('')

/** A password that a sweep would find. `label` tells in a hit which one it was; 12 characters and more in all. */
export function canary(label = 'password'): string {
  return `${mark}-${label}`
}

export type CanaryHit = { readonly place: string; readonly written: string }

type Needle = { readonly written: string; readonly octets: Buffer }

const needles = needlesOf(mark)

/** A mark as a careless program might write it down. */
export function needlesOf(text: string): readonly Needle[] {
  const hex = Buffer.from(text).toString('hex')
  return [
    { written: 'as it is', octets: Buffer.from(text) },
    { written: 'in lower case', octets: Buffer.from(text.toLowerCase()) },
    { written: 'as UTF-16', octets: Buffer.from(text, 'utf16le') },
    { written: 'in hexadecimal', octets: Buffer.from(hex) },
    { written: 'in hexadecimal', octets: Buffer.from(hex.toUpperCase()) },
    ...[0, 1, 2].map(before => ({ written: 'in base64', octets: Buffer.from(base64Of(text, before)) })),
  ]
}

/** The digits of base64 that depend on `text` alone when `before` octets stand in front of it. */
function base64Of(text: string, before: number): string {
  const octets = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
  const digits = octets.toString('base64').replaceAll('=', '')
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor((octets.length * 8) / 6))
}

export function sweepOctets(octets: Uint8Array, place: string, sought = needles): CanaryHit[] {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
  return sought.filter(needle => buffer.includes(needle.octets)).map(({ written }) => ({ place, written }))
}

export function sweepText(text: string, place: string): CanaryHit[] {
  return sweepOctets(Buffer.from(text), place)
}

/** Every file below a folder, with the names of the files. What goes away meanwhile is passed over. */
export function sweepFolder(folder: string): CanaryHit[] {
  const hits: CanaryHit[] = []
  for (const path of filesBelow(folder)) {
    hits.push(...sweepText(path.slice(folder.length), `the name of ${path}`))
    const octets = ifThere(() => readFileSync(path))
    if (octets !== null) hits.push(...sweepOctets(octets, path))
  }
  return hits
}

function filesBelow(folder: string): string[] {
  const names = ifThere(() => readdirSync(folder)) ?? []
  return names.flatMap(name => {
    const path = join(folder, name)
    const kind = ifThere(() => lstatSync(path))
    if (kind?.isDirectory()) return filesBelow(path)
    return kind?.isFile() ? [path] : []
  })
}

/** What every process of this machine can see of the others: arguments and environment. Null where there is no /proc. */
export function sweepProcesses(sought = needles): CanaryHit[] | null {
  const pids = ifThere(() => readdirSync('/proc'))?.filter(name => /^\d+$/.test(name))
  if (pids === undefined || pids.length === 0) return null
  return pids.flatMap(pid =>
    ['cmdline', 'environ'].flatMap(part => {
      const octets = ifThere(() => readFileSync(`/proc/${pid}/${part}`))
      return octets === null ? [] : sweepOctets(octets, `${part} of process ${pid}`, sought)
    }),
  )
}

/** Takes a folder away that a test has left, unless a secret stands in it: that fails the test. */
export function removeSwept(folder: string): void {
  const hits = sweepFolder(folder)
  rmSync(folder, { recursive: true, force: true })
  refuseHits(hits)
}

export function refuseHits(hits: readonly CanaryHit[]): void {
  if (hits.length === 0) return
  throw new Error(`A secret was left in clear:\n${hits.map(hitLine).join('\n')}`)
}

export const hitLine = ({ place, written }: CanaryHit) => `  ${written}: ${place}`

function ifThere<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
