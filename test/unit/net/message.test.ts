import { array, assert, boolean, constantFrom, integer, property, stringMatching } from 'fast-check'
import { decode } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import {
  answersQuestion,
  decodeMessage,
  encodeQuestion,
  type Question,
  readEnvelope,
  repeatedEnvelope,
  repeatsQuestion,
  typeCodes,
} from '#engine/net/message.ts'
import { nameProblem } from '#engine/net/wire-name.ts'
import { recordTypes } from '#shared/model/lookup.ts'
import { encodeReply } from '../../helpers/dns-server.ts'

const label = stringMatching(/^[a-z0-9_*-]{1,63}$/)
const names = array(label, { minLength: 1, maxLength: 5 })
  .map(labels => labels.join('.'))
  .filter(name => nameProblem(name) === null)

describe('a question', () => {
  it('is what another reader takes it for, whatever its name', () => {
    assert(
      property(
        integer({ min: 0, max: 0xffff }),
        names,
        constantFrom(...recordTypes),
        boolean(),
        (id, name, type, edns) => {
          const packet = decode(encodeQuestion(id, { name, type }, edns))
          expect(packet).toMatchObject({ id, type: 'query', flag_rd: true, flag_ad: true, flag_tc: false })
          expect(packet.questions).toMatchObject([{ name, class: 'IN' }])
          expect(packet.answers).toHaveLength(0)
          expect(packet.additionals).toMatchObject(
            edns
              ? [{ type: 'OPT', udpPayloadSize: limits.dnsUdpPayloadBytes, ednsVersion: 0, flags: 0 }]
              : [],
          )
        },
      ),
    )
  })

  it.each(recordTypes)('asks for %s by its number', type => {
    const envelope = readEnvelope(encodeQuestion(1, { name: 'a.test', type }, false))
    expect(envelope?.question).toEqual({ name: 'a.test', typeCode: typeCodes[type], classCode: 1 })
  })

  it('may be about the root, or a name with a space', () => {
    expect(decode(encodeQuestion(1, { name: '.', type: 'SOA' }, true)).questions).toMatchObject([
      { name: '.' },
    ])
    const spaced = encodeQuestion(1, { name: 'two\\032words.test', type: 'A' }, true)
    expect(decode(spaced).questions).toMatchObject([{ name: 'two words.test' }])
  })
})

describe('an answer that repeats its question octet for octet', () => {
  const question: Question = { name: 'a.test', type: 'A' }
  const sent = encodeQuestion(7, question, true)
  const sound = encodeReply(
    { id: 7, name: 'a.test', type: 'A' },
    { answers: [{ name: 'a.test', type: 'A', ttl: 60, data: '192.0.2.1' }] },
  )

  it('is read as one whose question was read', () => {
    expect(repeatsQuestion(sound, sent)).toBe(true)
    expect(repeatedEnvelope(sound, question, sent)).toEqual(readEnvelope(sound))
    expect(decodeMessage(sound, repeatedEnvelope(sound, question, sent))).toEqual(decodeMessage(sound))
  })

  it('is never one that the careful reader refuses, whatever octets arrive', () => {
    const damage = array(integer({ min: 0, max: sound.length * 256 - 1 }), { minLength: 0, maxLength: 6 })
    assert(
      property(damage, integer({ min: 0, max: sound.length }), (changes, cut) => {
        const octets = Buffer.from(sound)
        for (const change of changes) octets[change >> 8] = change & 0xff
        const message = octets.subarray(0, sound.length - cut)
        if (!repeatsQuestion(message, sent)) return
        const envelope = readEnvelope(message)
        expect(envelope).not.toBeNull()
        expect(envelope && answersQuestion(envelope, question)).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    ['is a question itself', (octets: Buffer) => octets.fill(0x01, 2, 3)],
    ['has no question', (octets: Buffer) => octets.fill(0, 5, 6)],
    ['has two', (octets: Buffer) => octets.fill(2, 5, 6)],
    ['is about another name', (octets: Buffer) => octets.fill(0x62, 13, 14)],
    [
      'is about another type',
      (octets: Buffer) => octets.fill(28, sent.length - 11 - 3, sent.length - 11 - 2),
    ],
    ['is about another class', (octets: Buffer) => octets.fill(3, sent.length - 11 - 1, sent.length - 11)],
    ['ends before it', (octets: Buffer) => octets.subarray(0, 20)],
  ])('is none that %s', (_, change) => {
    expect(repeatsQuestion(change(Buffer.from(sound)), sent)).toBe(false)
  })
})
