import { setTimeout as sleep } from 'node:timers/promises'
import { array, assert, constantFrom, nat, property, tuple, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpretAnswer } from '#engine/net/interpret-answer.ts'
import { limits } from '#engine/net/limits.ts'
import { decodeMessage } from '#engine/net/message.ts'
import { readName } from '#engine/net/wire-name.ts'
import { joinTxt, recordTypes } from '#shared/model/lookup.ts'
import { type DnsQuestion, type DnsReply, encodeReply } from '../../helpers/dns-server.ts'
import { a, resolverOf, server, soa } from './asking.ts'

const good = (name: string) => ({ answers: [a(name, '192.0.2.1')] })
const wrong = (name: string) => ({ answers: [a(name, '203.0.113.66')] })

const overTcp = (reply: (question: DnsQuestion) => DnsReply) =>
  server(question => (question.protocol === 'udp' ? { truncated: true } : reply(question)))

describe('over UDP', () => {
  it('nothing at all is a timeout', async () => {
    const dns = await server(() => 'drop')
    const { ask } = resolverOf([dns], { tryMs: 30 })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'timeout' })
  })

  it.each([
    ['an empty datagram', Buffer.alloc(0)],
    ['a few octets', Buffer.from('abc')],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    ['zeros', Buffer.alloc(512)],
    ['ones', Buffer.alloc(512, 0xff)],
  ])('garbage ends no try: the right answer that follows counts (%s)', async (_, raw) => {
    const dns = await server(question => [{ raw }, { ...good(question.name), delayMs: 20 }])
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', values: ['192.0.2.1'] })
    expect(dns.questions).toHaveLength(1)
  })

  it('garbage alone is malformed', async () => {
    const dns = await server(() => ({ raw: Buffer.alloc(64, 0xff) }))
    // Long enough for an answer on a busy machine: garbage ends no try.
    const { ask } = resolverOf([dns], { tryMs: 1_000 })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'malformed' })
    expect(dns.questions).toHaveLength(2)
  })

  it.each([
    ['id', (name: string) => ({ ...wrong(name), idOffset: 1 })],
    ['name', (name: string) => ({ ...wrong(name), question: { name: 'other.test', type: 'A' } })],
    ['type', (name: string) => ({ ...wrong(name), question: { name, type: 'AAAA' } })],
    ['question: none at all', (name: string) => ({ ...wrong(name), question: null })],
  ])('the wrong %s ends no try and is mismatched when nothing better comes', async (_, reply) => {
    const alone = await server(question => reply(question.name))
    expect(await resolverOf([alone], { tryMs: 500 }).ask('a.test', 'A')).toMatchObject({
      state: 'unavailable',
      reason: 'mismatched',
    })
    const both = await server(question => [reply(question.name), { ...good(question.name), delayMs: 20 }])
    expect(await resolverOf([both]).ask('a.test', 'A')).toMatchObject({
      state: 'found',
      values: ['192.0.2.1'],
    })
  })

  it('the question itself, echoed, is no answer', async () => {
    const dns = await server(question => ({ raw: question.bytes }))
    const { ask } = resolverOf([dns], { tryMs: 500 })
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'mismatched' })
  })

  it('a late answer to one question does not blame another', async () => {
    const dns = await server(question =>
      question.name === 'late.test' ? { ...good(question.name), delayMs: 60 } : 'drop',
    )
    const { ask } = resolverOf([dns], { tryMs: 120 })
    const silent = ask('silent.test', 'A')
    await ask('late.test', 'A', { deadlineMs: 20 })
    expect(await silent).toMatchObject({ reason: 'timeout' })
  })

  it('an answer cut off anywhere is malformed, never absent and never shorter', async () => {
    const record = { name: 'a.test', type: 'TXT', ttl: 60, data: ['v=spf1 include:one.test', ' -all'] }
    const whole = encodeReply({ id: 1, name: 'a.test', type: 'TXT' }, { answers: [record] })
    const questionEnd = 12 + 'a.test'.length + 2 + 4
    let at = questionEnd
    const dns = await server(question => ({
      raw: encodeReply(question, { answers: [record] }).subarray(0, at),
    }))
    const { ask } = resolverOf([dns])
    for (; at < whole.length; at += 3) {
      expect(await ask('a.test', 'TXT', { fresh: true })).toMatchObject({
        state: 'unavailable',
        reason: 'malformed',
      })
    }
  })

  it.each([
    ['a pointer to itself', [0xc0, 24]],
    ['two pointers at each other', [0xc0, 26, 0xc0, 24]],
    ['a pointer past the end', [0xff, 0xff]],
    ['a label of a reserved kind', [0x80, 1]],
    ['a name that never ends', [63, ...Array<number>(63).fill(97)]],
  ])('a broken name in a record is malformed: %s', async (_, octets) => {
    const dns = await server(question => {
      const bytes = encodeReply(question, {})
      bytes.writeUInt16BE(1, 6)
      return {
        raw: Buffer.concat([bytes, Buffer.from([...octets, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4])]),
      }
    })
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'malformed' })
  })

  it('counts that the message cannot hold are malformed', async () => {
    const dns = await server(question => {
      const bytes = encodeReply(question, good(question.name))
      for (const offset of [6, 8, 10]) bytes.writeUInt16BE(0xffff, offset)
      return { raw: bytes }
    })
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'malformed' })
  })

  it.each([
    ['A', Buffer.from([1, 2, 3])],
    ['A', Buffer.from([1, 2, 3, 4, 5])],
    ['AAAA', Buffer.alloc(15)],
    ['TXT', Buffer.from([9, 65])],
    ['TXT', Buffer.alloc(0)],
    ['MX', Buffer.from([0])],
    ['MX', Buffer.from([0, 10, 1, 97, 0, 0])],
    ['SOA', Buffer.from([0, 0, 1, 2])],
    ['CAA', Buffer.from([0, 9, 105])],
    ['DS', Buffer.from([1, 2, 3])],
    ['DNSKEY', Buffer.from([1])],
    ['TLSA', Buffer.from([3, 1])],
  ] as const)('data that does not fit %s is malformed', async (type, data) => {
    const code = { A: 1, AAAA: 28, TXT: 16, MX: 15, SOA: 6, CAA: 257, DS: 43, DNSKEY: 48, TLSA: 52 }[type]
    const dns = await server(question => {
      const bytes = encodeReply(question, {})
      bytes.writeUInt16BE(1, 6)
      const head = Buffer.from([0xc0, 12, code >> 8, code & 0xff, 0, 1, 0, 0, 0, 60, 0, data.length])
      return { raw: Buffer.concat([bytes, head, data]) }
    })
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', type)).toMatchObject({ state: 'unavailable', reason: 'malformed' })
  })

  it('NXDOMAIN with records is believed in neither', async () => {
    const dns = await server(question => ({ ...good(question.name), rcode: 3 }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'malformed' })
  })

  it('records of other names are not taken', async () => {
    const dns = await server(() => ({
      answers: [a('other.test', '203.0.113.66')],
      authorities: [soa('test')],
    }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'absent', reason: 'nodata' })
  })

  it('an SOA of another zone says nothing about the end of an alias', async () => {
    const dns = await server(question =>
      question.name === 'a.test'
        ? {
            answers: [{ name: 'a.test', type: 'CNAME', ttl: 60, data: 'b.other' }],
            authorities: [soa('test')],
          }
        : { answers: [a('b.other', '192.0.2.7')] },
    )
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', values: ['192.0.2.7'] })
  })
})

describe('over TCP', () => {
  it('an answer may come octet by octet', async () => {
    const dns = await overTcp(question => ({ ...good(question.name), pieceBytes: 1 }))
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'found', values: ['192.0.2.1'] })
    expect(dns.questions.map(question => question.protocol)).toEqual(['udp', 'tcp'])
  })

  it('64 KiB of TXT are found whole', async () => {
    const strings = Array.from({ length: 253 }, (_, index) =>
      String.fromCharCode(97 + (index % 26)).repeat(255),
    )
    const dns = await overTcp(question => ({
      answers: [{ name: question.name, type: 'TXT', ttl: 60, data: strings }],
    }))
    const { ask, sent } = resolverOf([dns])
    const answer = await ask('a.test', 'TXT')
    if (answer.state !== 'found') throw new Error(answer.state)
    expect(answer.values.map(joinTxt)).toEqual([strings.join('')])
    await ask('a.test', 'TXT')
    expect(sent()).toBe(4)
  })

  it('5,000 records are too large', async () => {
    const dns = await overTcp(question => {
      const header = encodeReply(question, {})
      header.writeUInt16BE(5_000, 6)
      const smallest = Buffer.from([0, 0, 16, 0, 1, 0, 0, 0, 60, 0, 1, 0])
      return { raw: Buffer.concat([header, ...Array<Buffer>(5_000).fill(smallest)]) }
    })
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'too-large' })
    expect(dns.questions).toHaveLength(2)
  })

  it.each([
    ['at once', { close: true } as const],
    ['in the middle', { close: true, after: { answers: [a('a.test', '192.0.2.1')], bytes: 20 } } as const],
  ])('a connection closed early is connection-reset: %s', async (_, reply) => {
    const dns = await overTcp(() => reply)
    const { ask } = resolverOf([dns])
    expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'connection-reset' })
  })

  it('silence is a timeout, a wrong id mismatched, garbage malformed, truncation too large', async () => {
    const replies: Record<string, () => DnsReply> = {
      timeout: () => 'drop',
      mismatched: () => ({ answers: [], idOffset: 5 }),
      malformed: () => ({ raw: Buffer.from('garbage') }),
      'too-large': () => ({ truncated: true }),
    }
    for (const [reason, reply] of Object.entries(replies)) {
      const dns = await overTcp(reply)
      const { ask } = resolverOf([dns], { tryMs: reason === 'timeout' ? 50 : 2_000 })
      expect(await ask('a.test', 'A')).toMatchObject({ state: 'unavailable', reason })
    }
  })

  it('a cancel ends the connection', async () => {
    const dns = await overTcp(() => 'drop')
    const { ask } = resolverOf([dns])
    const cancel = new AbortController()
    const asked = ask('a.test', 'A', { cancel: cancel.signal })
    await sleep(40)
    cancel.abort()
    expect(await asked).toMatchObject({ reason: 'cancelled' })
  })
})

/** Reads a name that is reached through so many pointers. */
function readChain(pointers: number): ReturnType<typeof readName> {
  const octets = Buffer.alloc(3 + pointers * 2)
  octets.set([1, 97, 0])
  for (let at = 3; at < octets.length; at += 2) octets.writeUInt16BE(0xc000 | (at === 3 ? 0 : at - 2), at)
  return readName(octets, octets.length - 2)
}

describe('the reader of messages', () => {
  const question = { id: 1, name: 'a.test', type: 'TXT' }
  const sound = encodeReply(question, {
    answers: [
      { name: 'a.test', type: 'CNAME', ttl: 60, data: 'b.test' },
      { name: 'b.test', type: 'TXT', ttl: 60, data: ['one', 'two'] },
    ],
    authorities: [soa('test')],
  })

  it('survives any octets', () => {
    assert(
      property(uint8Array({ maxLength: 600 }), constantFrom(...recordTypes), (octets, type) => {
        const decoded = decodeMessage(Buffer.from(octets))
        if (decoded.ok) interpretAnswer(decoded.message, { name: 'a.test', type })
      }),
      { numRuns: 2_000 },
    )
  })

  it('survives any damage to a sound message, and reads it only as a known state', () => {
    const damage = array(tuple(nat(sound.length - 1), nat(255)), { minLength: 1, maxLength: 8 })
    assert(
      property(damage, constantFrom(...recordTypes), (changes, type) => {
        const octets = Buffer.from(sound)
        for (const [at, octet] of changes) octets[at] = octet
        const decoded = decodeMessage(octets)
        if (!decoded.ok) return
        const step = interpretAnswer(decoded.message, { name: 'a.test', type })
        expect(['found', 'absent', 'elsewhere', 'unavailable']).toContain(step.state)
      }),
      { numRuns: 3_000 },
    )
  })

  it('follows a few pointers, backwards only', () => {
    expect(readChain(1)).toEqual({ name: 'a', end: 5 })
    expect(readChain(limits.dnsNamePointers)?.name).toBe('a')
    expect(readChain(limits.dnsNamePointers + 1)).toBeNull()
    expect(readChain(8_000)).toBeNull()
    expect(readName(Buffer.from([0xc0, 2, 1, 97, 0]), 0)).toBeNull()
    expect(readName(Buffer.from([1, 97, 0xc0, 0]), 0)).toBeNull()
  })
})
