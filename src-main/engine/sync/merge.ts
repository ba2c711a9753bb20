import type { ConflictCode, OwnedFieldName } from '#shared/model/sync.ts'
import { ownedFieldNames } from '#shared/model/sync.ts'
import type { OwnedFields } from './api.ts'
import { areSameFields, fitFields, isSameField, usualFields } from './fields.ts'

/** What both sides last agreed on about a domain: the version the server had then, and what the person's fields were. */
export type Base = { readonly serverId: string; readonly version: string; readonly fields: OwnedFields }

/** What the server has now; null when it has no such domain (any more). */
export type Theirs = { readonly id: string; readonly version: string; readonly fields: OwnedFields } | null

export type NewConflict = {
  readonly code: ConflictCode
  readonly field: OwnedFieldName | null
  readonly kept: Partial<OwnedFields> | null
  readonly other: Partial<OwnedFields> | null
}

/** What to do with the domain here. `put` puts it on the list, brings it back, or gives it these fields. */
export type LocalAction =
  | { readonly kind: 'leave' }
  | { readonly kind: 'put'; readonly fields: OwnedFields }
  | { readonly kind: 'remove' }

export type Merged = {
  readonly action: LocalAction
  readonly base: Base | null
  readonly conflicts: readonly NewConflict[]
}

/**
 * Brings one domain together: what both sides last agreed on (null: nothing yet), what stands here (null: it is not on
 * the list) and what the server has. What has still to be sent afterwards follows from the new base and what stands
 * here then (`planItem`). The rules and their numbers stand in SPEC.md. Pure; no clock takes part.
 */
export function mergeDomain(base: Base | null, ours: OwnedFields | null, theirs: Theirs): Merged {
  if (theirs === null) return goneThere(base, ours)
  const server = { ...theirs, fields: fitFields(theirs.fields) }
  const next: Base = { serverId: server.id, version: server.version, fields: server.fields }
  if (base === null) return ours === null ? takenOver(next) : joined(next, ours)
  if (ours === null) return deletedHere(base, next)
  return bothThere(base.fields, ours, next)
}

const leave: LocalAction = { kind: 'leave' }

function goneThere(base: Base | null, ours: OwnedFields | null): Merged {
  // S-11, and what was never there is no deletion.
  if (base === null || ours === null) return { action: leave, base: null, conflicts: [] }
  // S-08, S-09
  const isChanged = !areSameFields(ours, base.fields)
  const conflicts: NewConflict[] = isChanged
    ? [{ code: 'deleted-there', field: null, kept: null, other: ours }]
    : []
  return { action: { kind: 'remove' }, base: null, conflicts }
}

/** S-12 */
function takenOver(next: Base): Merged {
  return { action: { kind: 'put', fields: next.fields }, base: next, conflicts: [] }
}

/** S-13, S-14: on both sides, and nothing was ever agreed on. */
function joined(next: Base, ours: OwnedFields): Merged {
  const tags = [...new Set([...ours.tags, ...next.fields.tags])]
  const { fields, conflicts } = mergeFields(
    { ...usualFields, tags },
    { ...ours, tags },
    {
      ...next.fields,
      tags,
    },
  )
  return { action: actionFor(ours, fields), base: next, conflicts }
}

/** S-06, S-07, S-10 */
function deletedHere(base: Base, next: Base): Merged {
  const isSameDomain = base.serverId === next.serverId
  if (isSameDomain && (next.version === base.version || areSameFields(next.fields, base.fields))) {
    return { action: leave, base: next, conflicts: [] }
  }
  const conflict: NewConflict = { code: 'deleted-here', field: null, kept: next.fields, other: null }
  return { action: { kind: 'put', fields: next.fields }, base: next, conflicts: [conflict] }
}

/** S-01 to S-05 */
function bothThere(before: OwnedFields, ours: OwnedFields, next: Base): Merged {
  const { fields, conflicts } = mergeFields(before, ours, next.fields)
  return { action: actionFor(ours, fields), base: next, conflicts }
}

function mergeFields(
  before: OwnedFields,
  ours: OwnedFields,
  theirs: OwnedFields,
): { fields: OwnedFields; conflicts: NewConflict[] } {
  let fields = ours
  const conflicts: NewConflict[] = []
  for (const field of ownedFieldNames) {
    const isChangedThere = !isSameField(field, theirs, before)
    if (!isChangedThere || isSameField(field, ours, theirs)) continue
    if (isSameField(field, ours, before)) fields = { ...fields, [field]: theirs[field] }
    else conflicts.push({ code: 'both-changed', field, kept: pick(ours, field), other: pick(theirs, field) })
  }
  return { fields, conflicts }
}

function pick(fields: OwnedFields, field: OwnedFieldName): Partial<OwnedFields> {
  return { [field]: fields[field] }
}

function actionFor(ours: OwnedFields, fields: OwnedFields): LocalAction {
  return areSameFields(ours, fields) ? leave : { kind: 'put', fields }
}
