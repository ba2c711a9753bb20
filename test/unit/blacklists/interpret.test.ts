import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Health, interpretListing } from '#engine/blacklists/interpret.ts'
import { knownLists } from '#engine/blacklists/lists.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { knownList, plainList } from '../../helpers/blacklists.ts'

const passed: Health = { state: 'passed', reason: null }
const found = (...values: string[]): Lookup<'A'> => ({
  state: 'found',
  name: 'x',
  type: 'A',
  values,
  ttlS: 60,
  server: '127.0.0.1',
  aliases: [],
  authenticated: false,
})
const absent: Lookup<'A'> = {
  state: 'absent',
  name: 'x',
  type: 'A',
  reason: 'nxdomain',
  ttlS: 60,
  server: '127.0.0.1',
  aliases: [],
  authenticated: false,
}
const silent: Lookup<'A'> = {
  state: 'unavailable',
  name: 'x',
  type: 'A',
  reason: 'timeout',
  server: null,
  detail: null,
}
const read = (zone: string, ...values: string[]) =>
  interpretListing(knownList(zone), passed, found(...values), false)

describe('an answer of a list that passed its test', () => {
  test('is a listing with the meaning and weight of its code', () => {
    expect(read('zen.spamhaus.org', '127.0.0.2', '127.0.0.9')).toMatchObject({
      state: 'listed',
      codes: ['127.0.0.2', '127.0.0.9'],
      weight: 3,
      reason: null,
    })
    expect(read('zen.spamhaus.org', '127.0.0.6').meaning).toMatch(/XBL/)
    expect(read('dbl.spamhaus.org', '127.0.1.102').meaning).toMatch(/abused/)
  })

  test('is none without a record', () => {
    expect(interpretListing(plainList('bl.test'), passed, absent, false)).toMatchObject({
      state: 'not-listed',
    })
  })

  test('says nothing when it could not be had', () => {
    expect(interpretListing(plainList('bl.test'), passed, silent, false)).toMatchObject({
      state: 'unavailable',
      reason: 'timeout',
    })
  })

  test.each([
    ['127.255.255.252', 'wrong-zone'],
    ['127.255.255.254', 'public-resolver'],
    ['127.255.255.255', 'too-many-queries'],
    ['127.255.255.7', 'query-refused'],
  ])('%s is a refusal', (address, reason) => {
    for (const list of knownLists) {
      const reading = interpretListing(list, passed, found(address), false)
      expect([list.zone, reading.state, reading.reason]).toEqual([list.zone, 'refused', reason])
    }
  })

  test('127.0.0.1 is never a listing', () => {
    for (const list of knownLists) {
      const { state } = interpretListing(list, passed, found('127.0.0.1'), false)
      expect(state).not.toBe('listed')
    }
    expect(read('bl.spamcop.net', '127.0.0.1')).toMatchObject({ state: 'tampering', reason: 'loopback-one' })
    expect(read('multi.surbl.org', '127.0.0.1')).toMatchObject({ state: 'refused', reason: 'query-refused' })
    expect(read('multi.uribl.com', '127.0.0.1')).toMatchObject({ state: 'refused' })
    expect(read('hostkarma.junkemailfilter.com', '127.0.0.1')).toMatchObject({ state: 'not-listed' })
  })

  test('a bitmask adds up, and its refusal bit spoils it', () => {
    expect(read('multi.surbl.org', '127.0.0.80')).toMatchObject({ state: 'listed', weight: 3 })
    expect(read('multi.surbl.org', '127.0.0.80').meaning).toMatch(/MW.*ABUSE/)
    expect(read('multi.surbl.org', '127.0.0.81')).toMatchObject({ state: 'refused' })
    expect(read('multi.uribl.com', '127.0.0.8')).toMatchObject({ state: 'listed', weight: 0 })
    expect(read('multi.uribl.com', '127.0.0.4')).toMatchObject({ state: 'listed', weight: 1 })
    expect(read('multi.uribl.com', '127.0.0.12')).toMatchObject({ state: 'listed', weight: 1 })
  })

  test('an allowlist and a neutral entry are no listing', () => {
    expect(read('list.dnswl.org', '127.0.9.2')).toMatchObject({ state: 'not-listed', codes: ['127.0.9.2'] })
    expect(read('list.dnswl.org', '127.0.0.255')).toMatchObject({ state: 'refused' })
    expect(read('rep.mailspike.net', '127.0.0.14')).toMatchObject({ state: 'not-listed' })
    expect(read('rep.mailspike.net', '127.0.0.10')).toMatchObject({ state: 'listed' })
    expect(read('dbl.spamhaus.org', '127.0.1.255')).toMatchObject({ state: 'refused' })
  })

  test('a code nobody documented is shown, not believed', () => {
    expect(read('zen.spamhaus.org', '127.0.0.77')).toEqual({
      state: 'unavailable',
      codes: ['127.0.0.77'],
      meaning: null,
      reason: 'undocumented-code',
      weight: 3,
    })
  })

  test('an address outside 127.0.0.0/8 is made up, by the way or by a new owner', () => {
    const zone = 'bl.spamcop.net'
    expect(read(zone, '0.0.0.0')).toMatchObject({ state: 'tampering', reason: 'answer-outside-loopback' })
    expect(read(zone, '198.51.100.7')).toMatchObject({ state: 'dead-zone', reason: 'parked' })
    expect(interpretListing(knownList(zone), passed, found('198.51.100.7'), true)).toMatchObject({
      state: 'tampering',
      reason: 'resolver-rewrites',
    })
    expect(interpretListing(knownList(zone), passed, found('198.51.100.7'), null).state).toBe('tampering')
    expect(read(zone, '127.0.0.2', '198.51.100.7').state).not.toBe('listed')
  })
})

const anyHealth = fc.record({
  state: fc.constantFrom('passed', 'refused', 'tampering', 'dead-zone', 'unavailable'),
  reason: fc.constant(null),
}) as fc.Arbitrary<Health>
const anyList = fc.constantFrom(...knownLists)
const anyQuad = fc
  .tuple(fc.constantFrom(127, 127, 127, 0, 10, 198), fc.nat(255), fc.nat(255), fc.nat(255))
  .map(octets => octets.join('.'))
const anyAnswer = fc.oneof(
  fc.array(anyQuad, { minLength: 1, maxLength: 4 }).map(values => found(...values)),
  fc.constant(absent),
  fc.constant(silent),
)
const anyControl = fc.constantFrom(true, false, null)

describe('whatever a list answers', () => {
  test('only a list that passed lists, and only by addresses of 127.0.0.0/8 that it documents', () => {
    fc.assert(
      fc.property(anyList, anyHealth, anyAnswer, anyControl, (list, health, answer, rewrites) => {
        const reading = interpretListing(list, health, answer, rewrites)
        if (reading.state !== 'listed') return true
        return (
          health.state === 'passed' &&
          answer.state === 'found' &&
          answer.values.every(value => value.startsWith('127.') && !value.startsWith('127.255.255.')) &&
          answer.values.some(value => value !== '127.0.0.1') &&
          reading.meaning !== null
        )
      }),
    )
  })

  test('a list that did not pass says what its test said', () => {
    fc.assert(
      fc.property(anyList, anyHealth, anyAnswer, (list, health, answer) => {
        fc.pre(health.state !== 'passed')
        return interpretListing(list, health, answer, null).state === health.state
      }),
    )
  })

  test('"not listed" needs an answer, and an unavailable one is never read as one', () => {
    fc.assert(
      fc.property(anyList, anyHealth, anyControl, (list, health, rewrites) => {
        const { state } = interpretListing(list, health, silent, rewrites)
        return state !== 'not-listed' && state !== 'listed'
      }),
    )
  })

  test('the order of the addresses does not matter', () => {
    fc.assert(
      fc.property(anyList, fc.array(anyQuad, { minLength: 2, maxLength: 4 }), (list, values) => {
        const one = interpretListing(list, passed, found(...values), false)
        const other = interpretListing(list, passed, found(...values.toReversed()), false)
        return one.state === other.state && one.reason === other.reason && one.weight === other.weight
      }),
    )
  })
})
