import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planAccount, planItem, type Wish } from '#engine/sync/outbox.ts'

const fields = (tag: string, dailyLimit = 50) => ({ tags: [tag], dailyLimit })
const nothing = { base: null, open: null, parked: null, ours: null }

describe('what has still to be sent about a domain', () => {
  it('S-15: is its addition when the server has none', () => {
    const { waiting } = planItem({ ...nothing, ours: fields('a') })
    expect(waiting).toEqual({ kind: 'add', fields: fields('a') })
  })

  it('S-20: is nothing when it was added and deleted before it was sent', () => {
    expect(planItem(nothing).waiting).toBeNull()
  })

  it('S-21: is one change, whatever came before it', () => {
    const { waiting } = planItem({ ...nothing, base: fields('a'), ours: fields('c', 90) })
    expect(waiting).toEqual({ kind: 'change', fields: fields('c', 90) })
  })

  it('S-21: is nothing when it is again as it was agreed', () => {
    expect(planItem({ ...nothing, base: fields('a'), ours: fields('a') }).waiting).toBeNull()
  })

  it('S-22: is the deletion, whatever was changed before it', () => {
    expect(planItem({ ...nothing, base: fields('a') }).waiting).toEqual({ kind: 'delete' })
  })

  it('S-23: follows what was perhaps sent and does not take it back', () => {
    const add: Wish = { kind: 'add', fields: fields('a') }
    expect(planItem({ ...nothing, open: add }).waiting).toEqual({ kind: 'delete' })
    expect(planItem({ ...nothing, open: add, ours: fields('a') }).waiting).toBeNull()
    expect(planItem({ ...nothing, open: add, ours: fields('b') }).waiting).toMatchObject({ kind: 'change' })
    const gone: Wish = { kind: 'delete' }
    expect(planItem({ ...nothing, base: fields('a'), open: gone, ours: fields('a') }).waiting).toMatchObject({
      kind: 'add',
    })
  })

  it('S-25: is not what was refused, until it is decided differently', () => {
    const parked: Wish = { kind: 'change', fields: fields('b') }
    const same = planItem({ ...nothing, base: fields('a'), parked, ours: fields('b') })
    expect(same).toEqual({ waiting: null, keepsParked: true })
    const other = planItem({ ...nothing, base: fields('a'), parked, ours: fields('c') })
    expect(other).toEqual({ waiting: { kind: 'change', fields: fields('c') }, keepsParked: false })
    const back = planItem({ ...nothing, base: fields('a'), parked, ours: fields('a') })
    expect(back).toEqual({ waiting: null, keepsParked: false })
  })

  it('S-26: a refused deletion only tells, and a second one takes its place', () => {
    const parked: Wish = { kind: 'delete' }
    const here = planItem({ ...nothing, base: fields('a'), parked, ours: fields('a') })
    expect(here).toEqual({ waiting: null, keepsParked: true })
    const again = planItem({ ...nothing, base: fields('a'), parked })
    expect(again).toEqual({ waiting: { kind: 'delete' }, keepsParked: false })
  })

  it('brings the server to what stands here, in one step', () => {
    const side = fc.option(
      fc.record({ tags: fc.subarray(['a', 'b']), dailyLimit: fc.constantFrom(50, 90) }),
      { nil: null },
    )
    fc.assert(
      fc.property(side, side, (base, ours) => {
        const { waiting } = planItem({ ...nothing, base, ours })
        const after = waiting === null ? base : waiting.kind === 'delete' ? null : waiting.fields
        expect(after === null).toBe(ours === null)
        if (after === null || ours === null) return
        expect([new Set(after.tags), after.dailyLimit]).toEqual([new Set(ours.tags), ours.dailyLimit])
      }),
    )
  })
})

describe('what has still to be told of a mailbox', () => {
  const told = { state: 'active', credential: null }
  it('S-51: is its last state, and nothing when that is known', () => {
    expect(planAccount(told, null, { ...told, state: 'paused' }).waiting).toEqual({
      state: 'paused',
      credential: null,
    })
    expect(planAccount(told, null, told).waiting).toBeNull()
  })

  it('S-53: is a credential when there is a newer one, and its absence when it was taken back', () => {
    const shared = { state: 'active', credential: 5 }
    expect(planAccount(told, null, shared).waiting).toEqual(shared)
    expect(planAccount(shared, null, { ...shared, credential: 6 }).waiting).not.toBeNull()
    expect(planAccount(shared, null, { ...shared, credential: 3 }).waiting).toBeNull()
    expect(planAccount(shared, null, told).waiting).toEqual(told)
  })
})
