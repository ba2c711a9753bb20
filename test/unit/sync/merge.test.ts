import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OwnedFields } from '#engine/sync/api.ts'
import { areSameFields, fitFields } from '#engine/sync/fields.ts'
import { type Base, mergeDomain, type Theirs } from '#engine/sync/merge.ts'

const fields = (tags: readonly string[], dailyLimit = 50): OwnedFields => ({ tags, dailyLimit })
const agreed = (of: OwnedFields): Base => ({ serverId: 's1', version: 'v1', fields: of })
const there = (of: OwnedFields, version = 'v2', id = 's1'): Theirs => ({ id, version, fields: of })
const leave = { kind: 'leave' }

describe('a domain on both sides', () => {
  it('S-02: changed here alone stays', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['b'], 80), there(fields(['a'])))
    expect(merged).toEqual({
      action: leave,
      base: { serverId: 's1', version: 'v2', fields: fields(['a']) },
      conflicts: [],
    })
  })

  it('S-03: changed there alone is taken', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['a']), there(fields(['b'], 80)))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['b'], 80) })
    expect(merged.base?.fields).toEqual(fields(['b'], 80))
    expect(merged.conflicts).toEqual([])
  })

  it('S-04: changed to the same on both sides leaves nothing to do', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['b', 'c']), there(fields(['c', 'b'])))
    expect(merged.action).toEqual(leave)
    expect(merged.conflicts).toEqual([])
  })

  it('S-05: changed differently keeps ours, and theirs in a conflict', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['b']), there(fields(['c'])))
    expect(merged.action).toEqual(leave)
    expect(merged.base?.fields).toEqual(fields(['c']))
    expect(merged.conflicts).toEqual([
      { code: 'both-changed', field: 'tags', kept: { tags: ['b'] }, other: { tags: ['c'] } },
    ])
  })

  it('S-05: each field by itself', () => {
    const merged = mergeDomain(agreed(fields(['a'], 50)), fields(['b'], 50), there(fields(['a'], 90)))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['b'], 90) })
    expect(merged.conflicts).toEqual([])
  })
})

describe('deletions', () => {
  it('S-06: deleted here and as agreed there goes on', () => {
    const base = agreed(fields(['a']))
    expect(mergeDomain(base, null, there(fields(['a']), 'v1'))).toEqual({
      action: leave,
      base,
      conflicts: [],
    })
  })

  it('S-06: what the server changed of its own does not stop it, but moves the version', () => {
    const merged = mergeDomain(agreed(fields(['a'])), null, there(fields(['a']), 'v7'))
    expect(merged).toMatchObject({ action: leave, base: { version: 'v7' }, conflicts: [] })
  })

  it('S-07: changed there after what was seen here brings it back', () => {
    const merged = mergeDomain(agreed(fields(['a'])), null, there(fields(['b'])))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['b']) })
    expect(merged.conflicts).toEqual([
      { code: 'deleted-here', field: null, kept: fields(['b']), other: null },
    ])
  })

  it('S-08: deleted there and unchanged here goes', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['a']), null)
    expect(merged).toEqual({ action: { kind: 'remove' }, base: null, conflicts: [] })
  })

  it('S-09: deleted there and changed here goes, and a conflict keeps ours', () => {
    const merged = mergeDomain(agreed(fields(['a'])), fields(['b'], 70), null)
    expect(merged.action).toEqual({ kind: 'remove' })
    expect(merged.conflicts).toEqual([
      { code: 'deleted-there', field: null, kept: null, other: fields(['b'], 70) },
    ])
  })

  it('S-10: added anew there is another domain, and is not deleted', () => {
    const merged = mergeDomain(agreed(fields(['a'])), null, there(fields(['a']), 'v9', 's2'))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['a']) })
    expect(merged.base?.serverId).toBe('s2')
    expect(merged.conflicts).toMatchObject([{ code: 'deleted-here' }])
  })

  it('S-11: deleted on both sides leaves nothing', () => {
    expect(mergeDomain(agreed(fields(['a'])), null, null)).toEqual({
      action: leave,
      base: null,
      conflicts: [],
    })
  })
})

describe('domains that were never agreed on', () => {
  it('S-12: only there is put on the list', () => {
    const merged = mergeDomain(null, null, there(fields(['a'], 70)))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['a'], 70) })
    expect(merged.base).toEqual({ serverId: 's1', version: 'v2', fields: fields(['a'], 70) })
  })

  it('S-13: on both sides has the tags of both', () => {
    const merged = mergeDomain(null, fields(['a', 'b']), there(fields(['b', 'c'])))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['a', 'b', 'c']) })
    expect(merged.conflicts).toEqual([])
  })

  it.each([
    ['ours is the usual one', 50, 90, 90],
    ['theirs is the usual one', 90, 50, 90],
  ])('S-14: when %s the chosen limit holds', (_, ours, theirs, holds) => {
    const merged = mergeDomain(null, fields([], ours), there(fields([], theirs)))
    const after = merged.action.kind === 'put' ? merged.action.fields.dailyLimit : ours
    expect(after).toBe(holds)
    expect(merged.conflicts).toEqual([])
  })

  it('S-14: two chosen limits are a conflict', () => {
    const merged = mergeDomain(null, fields([], 70), there(fields([], 90)))
    expect(merged.action).toEqual(leave)
    expect(merged.conflicts).toEqual([
      { code: 'both-changed', field: 'dailyLimit', kept: { dailyLimit: 70 }, other: { dailyLimit: 90 } },
    ])
  })

  it('S-15: only here is left as it is', () => {
    expect(mergeDomain(null, fields(['a']), null)).toEqual({ action: leave, base: null, conflicts: [] })
  })

  it('S-16: what does not fit is made to fit, and agreed on so', () => {
    const merged = mergeDomain(null, null, there(fields([' a ', '', 'a'], 5_000)))
    expect(merged.action).toEqual({ kind: 'put', fields: fields(['a'], 500) })
    expect(merged.base?.fields).toEqual(fields(['a'], 500))
  })
})

describe('whatever the two sides have', () => {
  const anyFields = fc.record({
    tags: fc.subarray(['a', 'b', 'c']),
    dailyLimit: fc.constantFrom(10, 50, 90),
  })
  const anyBase = fc.option(anyFields.map(agreed), { nil: null })
  const anyTheirs = fc.option(
    fc
      .tuple(anyFields, fc.constantFrom('v1', 'v2'), fc.constantFrom('s1', 's2'))
      .map(([of, version, id]) => there(of, version, id)),
    { nil: null },
  )
  const anyOurs = fc.option(anyFields, { nil: null })

  it('S-18: what stood here holds, was agreed on, came from here, or is in a conflict', () => {
    fc.assert(
      fc.property(anyBase, anyOurs, anyTheirs, (base, ours, theirs) => {
        const { action, conflicts } = mergeDomain(base, ours, theirs)
        if (ours === null) return
        const after = action.kind === 'leave' ? ours : action.kind === 'put' ? action.fields : null
        for (const field of ['tags', 'dailyLimit'] as const) {
          const value = JSON.stringify(ours[field])
          const wasAgreed = base !== null && JSON.stringify(base.fields[field]) === value
          const isUsual = base === null && (field === 'tags' || ours[field] === 50)
          const holds = after !== null && JSON.stringify(after[field]) === value
          const isKept = conflicts.some(({ other }) => JSON.stringify(other?.[field]) === value)
          expect(holds || wasAgreed || isUsual || isKept || areSame(field, after, theirs)).toBe(true)
        }
      }),
    )
  })

  it('S-17: and a second look at the same changes nothing more', () => {
    fc.assert(
      fc.property(anyBase, anyOurs, anyTheirs, (base, ours, theirs) => {
        const first = mergeDomain(base, ours, theirs)
        const after =
          first.action.kind === 'leave' ? ours : first.action.kind === 'put' ? first.action.fields : null
        const second = mergeDomain(first.base, after, theirs)
        expect(second.action).toEqual(leave)
        expect(second.conflicts).toEqual([])
        expect(second.base).toEqual(first.base)
      }),
    )
  })
})

function areSame(field: 'tags' | 'dailyLimit', a: OwnedFields | null, theirs: Theirs): boolean {
  if (a === null || theirs === null) return false
  const server = fitFields(theirs.fields)
  return field === 'tags'
    ? areSameFields({ ...a, dailyLimit: 50 }, { ...server, dailyLimit: 50 })
    : a.dailyLimit === server.dailyLimit
}
