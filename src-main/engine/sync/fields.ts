import type { OwnedFieldName } from '#shared/model/sync.ts'
import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { OwnedFields } from './api.ts'

const tagsMost = 200
const tagCharacters = 40

/** What a domain has that nobody decided anything about. */
export const usualFields: OwnedFields = { tags: [], dailyLimit: dailyLimits.usual }

/** Fields as they fit here, whatever a server sent: limits within their bounds, tags short, not empty and each once. Pure. */
export function fitFields({ tags, dailyLimit }: OwnedFields): OwnedFields {
  const short = tags.map(tag => tag.trim().slice(0, tagCharacters)).filter(tag => tag !== '')
  const bounded = Math.min(dailyLimits.most, Math.max(dailyLimits.least, Math.round(dailyLimit)))
  return {
    tags: [...new Set(short)].slice(0, tagsMost),
    dailyLimit: Number.isFinite(bounded) ? bounded : dailyLimits.usual,
  }
}

/** Whether one field is the same; the order of tags means nothing. */
export function isSameField(field: OwnedFieldName, a: OwnedFields, b: OwnedFields): boolean {
  if (field === 'dailyLimit') return a.dailyLimit === b.dailyLimit
  return a.tags.length === b.tags.length && a.tags.every(tag => b.tags.includes(tag))
}

export function areSameFields(a: OwnedFields, b: OwnedFields): boolean {
  return isSameField('tags', a, b) && isSameField('dailyLimit', a, b)
}
