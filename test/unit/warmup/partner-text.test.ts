import { assert, integer, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreeOnKeys, makeKeyPair } from '#engine/warmup/partners/pair-keys.ts'
import {
  isSealed,
  readPartnerText,
  type Said,
  writePartnerText,
} from '#engine/warmup/partners/partner-text.ts'
import { readReport, reportHeader, signReport } from '#engine/warmup/partners/report.ts'
import { tokenHeader } from '#engine/warmup/token.ts'

const id = '4f1f3a52-5a0c-4d5b-9c4e-0d4c5f9a7b11'
const offer = {
  v: 1,
  id,
  name: 'North Studio',
  mailboxes: [
    { address: 'anna@north.example', provider: 'gmail' },
    { address: 'leo.b+x@mail.north.example', provider: 'other' },
  ],
  perDay: 4,
  madeAt: 1_770_000_000_000,
} as const
const invitation: Said = {
  ...offer,
  kind: 'invitation',
  key: makeKeyPair().publicKey,
  mailboxes: [...offer.mailboxes],
  expiresAt: 1_770_600_000_000,
}
const change: Said = { ...offer, kind: 'change', by: 'invited', number: 3, mailboxes: [...offer.mailboxes] }
const key = new Uint8Array(32).fill(9)

const transcript = (invited: string, text = 'an invitation') => ({
  invitation: new TextEncoder().encode(text),
  invitedPublicKey: invited,
})

describe('the keys of a pair', () => {
  test('come out the same on both sides, with digits to compare', () => {
    const [one, other] = [makeKeyPair(), makeKeyPair()]
    const here = agreeOnKeys(one, other.publicKey, transcript(other.publicKey))
    const there = agreeOnKeys(other, one.publicKey, transcript(other.publicKey))
    expect(here).not.toBeNull()
    expect(here).toEqual(there)
    expect(here?.checkNumber).toMatch(/^\d{5} \d{5} \d{5} \d{5}$/)
    expect(here?.token).not.toEqual(here?.texts)
  })

  test('differ when somebody in between puts in a key of their own, and so do the digits', () => {
    const [one, other, between] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
    const here = agreeOnKeys(one, between.publicKey, transcript(between.publicKey))
    const there = agreeOnKeys(other, between.publicKey, transcript(other.publicKey))
    expect(here?.checkNumber).not.toBe(there?.checkNumber)
    expect(here?.token).not.toEqual(there?.token)
  })

  test('are bound to the invitation as it was read', () => {
    const [one, other] = [makeKeyPair(), makeKeyPair()]
    const here = agreeOnKeys(one, other.publicKey, transcript(other.publicKey))
    const there = agreeOnKeys(other, one.publicKey, transcript(other.publicKey, 'another invitation'))
    expect(here?.texts).not.toEqual(there?.texts)
  })

  test.each([
    ['nothing secret', Buffer.alloc(32).toString('base64url')],
    ['the point of order one', Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString('base64url')],
    ['no key at all', 'abc'],
  ])('there are none with %s', (_, theirs) => {
    expect(agreeOnKeys(makeKeyPair(), theirs, transcript(theirs))).toBeNull()
  })
})

describe('a text to hand over', () => {
  test('says what it said, also quoted, indented and between other words', () => {
    const text = writePartnerText(invitation, null)
    const quoted = `Hi Leo,\r\nhere it is:\r\n${text.replace(/^/gm, '> ').replaceAll('\n', '\r\n')}\r\nBest, Anna`
    const indented = text.replace(/^/gm, '\t  ')
    for (const one of [text, quoted, indented]) {
      const read = readPartnerText(one)
      expect(read.ok && read.text.said).toEqual(invitation)
    }
  })

  test('with a key is proven by it and by no other', () => {
    const read = readPartnerText(writePartnerText(change, key))
    if (!read.ok) throw new Error(read.problem)
    expect(read.text.said).toEqual(change)
    expect(isSealed(read.text, key)).toBe(true)
    expect(isSealed(read.text, new Uint8Array(32).fill(8))).toBe(false)
    expect(isSealed(read.text, null)).toBe(false)
  })

  test('is unreadable when a line is missing', () => {
    const lines = writePartnerText(invitation, null).split('\n')
    lines.splice(3, 1)
    expect(readPartnerText(lines.join('\n'))).toEqual({ ok: false, problem: 'unreadable' })
  })

  test.each([
    ['nothing', ''],
    ['other words', 'Hello, how are you?'],
    ['an empty frame', '-----BEGIN ROOKERY ANSWER-----\n-----END ROOKERY ANSWER-----'],
    ['a book', 'x'.repeat(400_000)],
  ])('is unreadable when it is %s', (_, text) => {
    expect(readPartnerText(text)).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('of a later version says that it is newer', () => {
    const body = Buffer.concat([
      Buffer.from(JSON.stringify({ v: 2, kind: 'greeting' })),
      Buffer.alloc(32),
    ]).toString('base64')
    const text = `-----BEGIN ROOKERY GREETING-----\n${body}\n-----END ROOKERY GREETING-----`
    expect(readPartnerText(text)).toEqual({ ok: false, problem: 'newer' })
  })

  test.each([
    'anna@north.example\r\nBcc: x@y.example',
    '<anna@north.example>',
    'anna north@x.example',
    '"a b"@x.example',
    'anna@localhost',
    'ännä@x.example',
  ])('never names an address that a server could misread: %j', address => {
    const text = writePartnerText({ ...change, mailboxes: [{ address, provider: 'other' }] }, key)
    expect(readPartnerText(text)).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('changed anywhere is not taken for sealed', () => {
    const octets = Buffer.from(JSON.stringify(change))
    const text = writePartnerText(change, key)
    const body = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64')
    expect(body.length).toBe(octets.length + 32)
    assert(
      property(nat(body.length - 1), integer({ min: 1, max: 255 }), (place, flip) => {
        const changed = Buffer.from(body)
        changed[place] = (changed[place] ?? 0) ^ flip
        const frame = `-----BEGIN ROOKERY CHANGE-----\n${changed.toString('base64')}\n-----END ROOKERY CHANGE-----`
        const read = readPartnerText(frame)
        expect(read.ok && isSealed(read.text, key)).toBe(false)
      }),
    )
  })
})

describe('a report of where a message lay', () => {
  const subject = { messageId: '<answer@a.example>', answered: '<question@b.example>' }

  test.each(['inbox', 'category', 'junk'] as const)('tells %s to whoever has the key', placement => {
    expect(readReport(signReport(placement, subject, key), subject, key)).toBe(placement)
  })

  test('tells nothing when it is missing, changed, of another message or of another pair', () => {
    const report = signReport('inbox', subject, key)
    expect(readReport(undefined, subject, key)).toBeNull()
    expect(readReport(`j${report.slice(1)}`, subject, key)).toBeNull()
    expect(readReport(`m${report.slice(1)}`, subject, key)).toBeNull()
    expect(readReport(report.slice(0, -1), subject, key)).toBeNull()
    expect(readReport(report, { ...subject, messageId: '<other@a.example>' }, key)).toBeNull()
    expect(readReport(report, { ...subject, answered: '<other@b.example>' }, key)).toBeNull()
    expect(readReport(report, subject, new Uint8Array(32).fill(8))).toBeNull()
  })

  test('has a header of its own, named from the key', () => {
    expect(reportHeader(key)).toMatch(/^X-[A-Z][a-z]{7}$/)
    expect(reportHeader(key)).not.toBe(tokenHeader(key))
    expect(reportHeader(key)).not.toBe(reportHeader(new Uint8Array(32).fill(8)))
  })
})
