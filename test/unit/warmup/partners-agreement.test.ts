import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acceptInvitation, invitePartner, readText, takeText } from '#engine/warmup/partners/agreement.ts'
import {
  changeOwnOffer,
  confirmPartner,
  goOnWith,
  revokePartner,
} from '#engine/warmup/partners/later-turns.ts'
import { partnerRow } from '#engine/warmup/partners/rows.ts'
import { findPartner } from '#engine/warmup/partners/store.ts'
import { valueOf } from '../../helpers/engine.ts'
import { agree, all } from '../../helpers/partners.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

const dayMs = 24 * 60 * 60_000

let north: TestPool
let south: TestPool
let third: TestPool
const northKept = new Map<string, string>()

beforeEach(async () => {
  northKept.clear()
  north = await testPool({ mailboxes: 2, domain: 'north.example', secrets: northKept })
  south = await testPool({ mailboxes: 2, domain: 'south.example', beside: north })
  third = await testPool({ mailboxes: 1, domain: 'third.example', beside: north })
})
afterEach(async () => {
  for (const pool of [north, south, third]) await pool.stop()
})

const invite = async (pool = north, days = 7) =>
  valueOf(await invitePartner(pool.agreements(), { name: 'North', mailboxIds: all(pool), perDay: 4, days }))
const accept = async (pool: TestPool, text: string) =>
  valueOf(
    await acceptInvitation(pool.agreements(), { name: 'South', mailboxIds: all(pool), perDay: 3, text }),
  )
const accepted = async (pool: TestPool, text: string) => {
  const answer = await accept(pool, text)
  if (!answer.taken) throw new Error(answer.problem.code)
  return answer
}
const take = async (pool: TestPool, text: string) => valueOf(await takeText(pool.agreements(), text))
const rowOf = (pool: TestPool, id: string) => {
  const entry = findPartner(pool.store, id)
  if (entry === null) throw new Error('no such agreement')
  return partnerRow(pool.store, entry, pool.clock.now())
}
const refusal = (code: string, address = '') => ({ taken: false, problem: { code, address } })

describe('an agreement', () => {
  test('comes from two texts, and stands when both have compared the digits', async () => {
    const { id, text } = await invite()
    expect(rowOf(north, id)).toMatchObject({
      state: 'invited',
      weInvited: true,
      theirs: [],
      checkNumber: null,
    })
    expect(readText(south.agreements(), text)).toEqual({
      taken: true,
      says: {
        kind: 'invitation',
        name: 'North',
        mailboxes: [
          { address: 'writer0@north.example', provider: 'gmail' },
          { address: 'writer1@north.example', provider: 'microsoft365' },
        ],
        perDay: 4,
        expiresAt: north.clock.now() + 7 * dayMs,
      },
    })
    const answer = await accepted(south, text)
    expect(rowOf(south, id)).toMatchObject({
      state: 'comparing',
      weInvited: false,
      name: 'North',
      theirPerDay: 4,
    })
    expect(await take(north, answer.text)).toEqual({ taken: true, id, kind: 'answer' })
    const [here, there] = [rowOf(north, id), rowOf(south, id)]
    expect(here).toMatchObject({
      state: 'comparing',
      name: 'South',
      theirPerDay: 3,
      theirs: [{ address: 'writer0@south.example' }, { address: 'writer1@south.example' }],
    })
    expect(here.checkNumber).toMatch(/^[\d ]{23}$/)
    expect(here.checkNumber).toBe(there.checkNumber)
    valueOf(confirmPartner(north.agreements(), id))
    valueOf(confirmPartner(south.agreements(), id))
    expect(rowOf(north, id).state).toBe('on')
    // Whoever was invited lets the other write first: the answer may not have arrived.
    expect(rowOf(south, id).state).toBe('waiting')
  })

  test('keeps nothing secret outside the vault, and the private half no longer than it is needed', async () => {
    const { id, text } = await invite()
    const name = `warmup-partner-${id}`
    expect([...northKept.keys()]).toContain(name)
    const half = JSON.parse(northKept.get(name) ?? '{}')
    const answer = await accepted(south, text)
    await take(north, answer.text)
    const common = JSON.parse(northKept.get(name) ?? '{}')
    expect(Object.keys(common).toSorted()).toEqual(['texts', 'token'])
    const stored = JSON.stringify([
      north.store.all('SELECT * FROM warmup_partners'),
      north.store.all('SELECT * FROM warmup_guests'),
      rowOf(north, id),
    ])
    const told = [stored, text, answer.text, Buffer.from(text, 'base64').toString('latin1')].join('\n')
    for (const secret of [half.privateKey, common.token, common.texts]) {
      expect(String(secret).length).toBeGreaterThan(40)
      expect(told).not.toContain(secret)
    }
    await revokePartner(north.agreements(), id)
    expect([...northKept.keys()]).not.toContain(name)
  })

  test('is refused with a mailbox that does not warm up', async () => {
    const invited = await invitePartner(north.agreements(), {
      name: 'North',
      mailboxIds: ['mailbox-0000', 'mailbox-9999'],
      perDay: 4,
      days: 7,
    })
    expect(invited).toMatchObject({ ok: false, failure: { code: 'mailbox-not-found' } })
  })
})

describe('a text is not taken', () => {
  test('by the one who wrote it', async () => {
    const { text } = await invite()
    expect(await accept(north, text)).toEqual(refusal('own'))
    expect(await take(north, text)).toEqual(refusal('own'))
    const answer = await accepted(south, text)
    expect(await take(south, answer.text)).toEqual(refusal('own'))
  })

  test('by somebody it was not written for', async () => {
    const { text } = await invite()
    const answer = await accepted(south, text)
    expect(await take(third, answer.text)).toEqual(refusal('not-for-us'))
    expect(await accept(third, answer.text)).toEqual(refusal('not-for-us'))
  })

  test('twice: an invitation has one answer', async () => {
    const { text } = await invite()
    const first = await accepted(south, text)
    const second = await accepted(third, text)
    expect(await accept(south, text)).toEqual(refusal('older'))
    expect(await take(north, first.text)).toMatchObject({ taken: true })
    expect(await take(north, second.text)).toEqual(refusal('older'))
  })

  test('after its time', async () => {
    const { id, text } = await invite(north, 2)
    const answer = await accepted(south, text)
    north.clock.advance(2 * dayMs)
    expect(await accept(third, text)).toEqual(refusal('expired'))
    expect(await take(north, answer.text)).toEqual(refusal('expired'))
    expect(rowOf(north, id).state).toBe('expired')
  })

  test('when it was taken back meanwhile', async () => {
    const { id, text } = await invite()
    const answer = await accepted(south, text)
    expect(valueOf(await revokePartner(north.agreements(), id)).text).toBeNull()
    expect(await take(north, answer.text)).toEqual(refusal('not-for-us'))
  })

  test('when it was changed on its way', async () => {
    const { text } = await invite()
    const answer = await accepted(south, text)
    const lines = answer.text.split('\n')
    const body = Buffer.from(lines.slice(1, -2).join(''), 'base64')
    const forged = Buffer.from(body.toString('latin1').replace('writer1@south', 'mallory@south'), 'latin1')
    const frame = `-----BEGIN ROOKERY ANSWER-----\n${forged.toString('base64')}\n-----END ROOKERY ANSWER-----`
    expect(await take(north, frame)).toEqual(refusal('changed'))
  })

  test('when it names a mailbox of ours, or one that another partner speaks for', async () => {
    const impostor = await testPool({ mailboxes: 1, domain: 'south.example', beside: north })
    const toImpostor = await invite(impostor)
    expect(await accept(south, toImpostor.text)).toEqual(refusal('address-taken', 'writer0@south.example'))
    await agree(north, south)
    expect(await accept(north, toImpostor.text)).toEqual(refusal('address-taken', 'writer0@south.example'))
    await impostor.stop()
  })
})

describe('later', () => {
  test('other mailboxes take part with a text that counts once', async () => {
    const id = await agree(north, south)
    const first = valueOf(
      await changeOwnOffer(south.agreements(), { id, mailboxIds: ['mailbox-0001'], perDay: 2 }),
    )
    const second = valueOf(
      await changeOwnOffer(south.agreements(), { id, mailboxIds: ['mailbox-0000'], perDay: 9 }),
    )
    expect(await take(north, second.text)).toEqual({ taken: true, id, kind: 'change' })
    expect(rowOf(north, id)).toMatchObject({
      theirs: [{ address: 'writer0@south.example' }],
      theirPerDay: 9,
    })
    expect(await take(north, second.text)).toEqual(refusal('older'))
    expect(await take(north, first.text)).toEqual(refusal('older'))
    expect(rowOf(north, id).theirPerDay).toBe(9)
  })

  test('either side ends it at once, and tells the other with a text', async () => {
    for (const [one, other] of [
      [north, south],
      [south, north],
    ] as const) {
      const id = await agree(north, south)
      const { text } = valueOf(await revokePartner(one.agreements(), id))
      expect(rowOf(one, id)).toMatchObject({ state: 'ended', endedBy: 'us', theirs: [] })
      expect(await take(other, text ?? '')).toEqual({ taken: true, id, kind: 'end' })
      expect(rowOf(other, id)).toMatchObject({ state: 'ended', endedBy: 'them', theirs: [] })
      expect(await take(other, text ?? '')).toEqual(refusal('not-for-us'))
      expect(await changeOwnOffer(one.agreements(), { id, mailboxIds: all(one), perDay: 2 })).toMatchObject({
        ok: false,
      })
    }
  })

  test('nothing is confirmed or gone on with that does not wait for it', async () => {
    const { id } = await invite()
    for (const done of [
      confirmPartner(north.agreements(), id),
      goOnWith(north.agreements(), id),
      confirmPartner(north.agreements(), 'unknown'),
    ])
      expect(done).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
  })
})
