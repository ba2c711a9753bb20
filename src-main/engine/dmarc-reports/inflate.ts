import { promisify } from 'node:util'
import { gunzip, inflateRaw } from 'node:zlib'
import { limits } from '../net/limits.ts'
import { type Part, refused } from './part.ts'

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflateRaw) }

/** What is left of the octets that one file may inflate to. */
export type InflateBudget = { leftBytes: number }

export function newBudget(): InflateBudget {
  return { leftBytes: limits.dmarcInflatedBytes }
}

/**
 * Inflates one part within its bounds: nothing beyond them is ever held. Refuses with `inflates-too-far`,
 * `inflated-too-large`, or with `gzip-damaged` and `zip-damaged` for a stream that is broken or cut off.
 */
export async function inflate(
  octets: Uint8Array,
  { kind, part, budget }: { kind: 'gzip' | 'deflate'; part: string | null; budget: InflateBudget },
): Promise<Part> {
  const byRatio = Math.max(limits.dmarcInflateFloorBytes, octets.length * limits.dmarcInflateRatio)
  const bySize = Math.min(limits.dmarcDocumentBytes, budget.leftBytes)
  const mostBytes = Math.min(byRatio, bySize)
  if (mostBytes <= 0)
    return refused(part, 'inflated-too-large', { megabytes: limits.dmarcInflatedBytes / 1e6 })
  try {
    const inflated = await unpackers[kind](octets, { maxOutputLength: mostBytes })
    budget.leftBytes -= inflated.length
    return { part, ok: true, octets: inflated }
  } catch (error) {
    if (!isTooLarge(error)) return refused(part, kind === 'gzip' ? 'gzip-damaged' : 'zip-damaged')
    // What did not fit was inflated all the same: it counts, or a hundred such parts would cost a hundred times.
    budget.leftBytes -= mostBytes
    return byRatio < bySize
      ? refused(part, 'inflates-too-far', { times: limits.dmarcInflateRatio })
      : refused(part, 'inflated-too-large', { megabytes: limits.dmarcDocumentBytes / 1e6 })
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
