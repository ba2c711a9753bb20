import { limits } from '../../net/limits.ts'
import type { FolderPlace } from '../../net/mail-world.ts'

/** A folder as the server describes it when it is opened. */
export type OpenFolder = {
  readonly path: string
  readonly uidValidity: string
  /** The UID the next message will get; null from servers that do not tell. */
  readonly uidNext: number | null
  readonly exists: number
}

export type Look =
  | { readonly kind: 'nothing' }
  /** UIDs from `from` to `to`, both included. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** The newest so many, by their place in the folder. */
  | { readonly kind: 'newest'; readonly count: number; readonly above: number }

/**
 * What to look at in a folder since a place (RFC 9051 §2.3.1.1). A folder never seen is begun at its newest messages. One
 * whose UIDVALIDITY changed, or whose UIDs run below the place, was numbered anew: its newest messages come again. Pure.
 */
export function planLook(place: FolderPlace | null, folder: OpenFolder): Look {
  const { uidNext, exists, uidValidity } = folder
  if (exists === 0) return { kind: 'nothing' }
  if (place === null) return { kind: 'newest', count: limits.mailFirstMessages, above: 0 }
  if (place.uidValidity !== uidValidity)
    return { kind: 'newest', count: limits.mailRenumberedMessages, above: 0 }
  if (uidNext === null) return { kind: 'newest', count: limits.mailFirstMessages, above: place.lastUid }
  const newest = uidNext - 1
  if (newest === place.lastUid) return { kind: 'nothing' }
  if (newest < place.lastUid) return { kind: 'newest', count: limits.mailRenumberedMessages, above: 0 }
  return { kind: 'range', from: Math.max(place.lastUid + 1, uidNext - limits.mailBacklogUids), to: newest }
}

/** The place after everything in a folder was looked at. Pure. */
export function placeAfter(place: FolderPlace | null, folder: OpenFolder): FolderPlace {
  const { path, uidValidity, uidNext } = folder
  const kept = place !== null && place.uidValidity === uidValidity ? place.lastUid : 0
  return { folder: path, uidValidity, lastUid: uidNext === null ? kept : Math.max(0, uidNext - 1) }
}
