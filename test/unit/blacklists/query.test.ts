import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createPacing } from '#engine/blacklists/pacing.ts'
import { hashEmail, queryLabels, reverseIpv4, reverseIpv6, testNames } from '#engine/blacklists/query.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { knownList } from '../../helpers/blacklists.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

describe('the names that are asked', () => {
  test('are the octets of an IPv4 address, last first', () => {
    expect(reverseIpv4('192.0.2.99')).toBe('99.2.0.192')
  })

  test('are the nibbles of an IPv6 address, last first', () => {
    expect(reverseIpv6('2001:db8:1:2:3:4:567:89ab')).toBe(
      'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2',
    )
  })

  test('are the host and the registrable domain, or the latter alone where the list wants it so', () => {
    const target = { target: 'news.shop.example.co.uk', kind: 'domain' as const }
    expect(queryLabels(target, {})).toEqual(['news.shop.example.co.uk', 'example.co.uk'])
    expect(queryLabels(target, { registrableOnly: true })).toEqual(['example.co.uk'])
    expect(queryLabels({ target: 'example.com', kind: 'domain' }, {})).toEqual(['example.com'])
  })

  test('are the hash of a mailbox, however it is written', () => {
    expect(hashEmail('Anna+shop@Example.COM')).toBe(sha1('anna@example.com'))
    expect(hashEmail('a.n.n.a+x@googlemail.com')).toBe(sha1('anna@gmail.com'))
    expect(hashEmail('a.n@example.com')).toBe(sha1('a.n@example.com'))
  })
})

describe('the test entries', () => {
  test('are those of RFC 5782 §5', () => {
    expect(testNames({}, 'ip4')).toEqual({ listed: '2.0.0.127', clean: '1.0.0.127' })
    expect(testNames({}, 'ip6').listed).toBe(reverseIpv6('::FFFF:7F00:2'))
    expect(testNames({}, 'domain')).toEqual({ listed: 'TEST', clean: 'INVALID' })
  })

  test('are the list’s own where it has others, or none', () => {
    expect(testNames(knownList('dbl.spamhaus.org'), 'domain').listed).toBe('dbltest.com')
    expect(testNames(knownList('ebl.msbl.org'), 'email').listed).toBeNull()
  })
})

describe('the pace', () => {
  const never = new AbortController().signal

  test('is one question a second for each zone, in the order they came', async () => {
    const clock = fakeClock()
    const startAt = clock.now()
    const pace = createPacing(clock, 1_000)
    const gone: [string, number][] = []
    const ask = (zone: string, name: string) =>
      pace(zone, never).then(isTurn => isTurn && gone.push([name, clock.now() - startAt]))
    const waiting = [ask('a', 'a1'), ask('a', 'a2'), ask('b', 'b1'), ask('a', 'a3')]
    for (let step = 0; step < 4; step += 1) {
      await new Promise(setImmediate)
      clock.advance(500)
    }
    await Promise.all(waiting)
    expect(gone).toEqual([
      ['a1', 0],
      ['b1', 0],
      ['a2', 1_000],
      ['a3', 2_000],
    ])
  })

  test('lets go of one that was called off', async () => {
    const clock = fakeClock()
    const pace = createPacing(clock, 1_000)
    const stop = new AbortController()
    expect(await pace('a', stop.signal)).toBe(true)
    const second = pace('a', stop.signal)
    stop.abort()
    expect(await second).toBe(false)
    expect(clock.pending()).toBe(0)
  })

  test('does not hang when the clock is set back', async () => {
    let now = 1_000_000_000
    const pace = createPacing({ now: () => now, after: () => () => {} }, 1_000)
    await pace('a', never)
    now = 0
    expect(await pace('a', never)).toBe(true)
  })
})
