import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkHost } from '#engine/domains/check-host/check-host.ts'
import { checkHostResults, checkHostResultSchema } from '#shared/model/check-host.ts'
import { type ZoneRecords, zone } from '../../helpers/zone.ts'

const names = ['d.example', 'a.example', 'b.example', 'c.example']
const name = fc.constantFrom(...names)
const macro = fc.constantFrom(
  '%{d}',
  '%{i}',
  '%{ir}',
  '%{p}',
  '%{l1r-}',
  '%{H}',
  '%{s2+}',
  '%%',
  '%{q}',
  '%{c}',
)
const spec = fc.oneof(
  name,
  fc.tuple(macro, name).map(([front, back]) => `${front}.${back}`),
  fc.string({ maxLength: 8 }),
)
const term = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('', '-', '~', '?'), fc.constantFrom('include', 'a', 'mx', 'ptr', 'exists'), spec)
      .map(([sign, mechanism, at]) => `${sign}${mechanism}:${at}`),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'a',
      'mx',
      'ptr',
      'a/24//64',
      'ip4:192.0.2.0/24',
      'ip6:2001:db8::/32',
      '-all',
      '~all',
      'all',
    ),
  },
  { weight: 2, arbitrary: spec.map(at => `redirect=${at}`) },
  { weight: 1, arbitrary: spec.map(at => `exp=${at}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
)
const text = fc.array(term, { maxLength: 14 }).map(terms => ['v=spf1', ...terms].join(' '))
const records: fc.Arbitrary<ZoneRecords> = fc
  .record(
    {
      TXT: fc.array(fc.oneof({ weight: 5, arbitrary: text }, fc.string()), { minLength: 1, maxLength: 2 }),
      A: fc.array(fc.constantFrom('192.0.2.7', '198.51.100.9'), { maxLength: 3 }),
      AAAA: fc.array(fc.constantFrom('2001:db8::7', '2001:db8:1::1'), { maxLength: 3 }),
      MX: fc.array(
        name.map(host => `10 ${host}`),
        { maxLength: 12 },
      ),
      unavailable: fc.constant('timeout' as const),
    },
    { requiredKeys: ['TXT'] },
  )
  .map(
    made =>
      (made.unavailable !== undefined && (made.A?.length ?? 0) !== 2
        ? { ...made, unavailable: undefined }
        : made) as ZoneRecords,
  )
const world = fc.record({
  zone: fc
    .dictionary(name, records)
    .chain(others =>
      text.map(own => ({ ...others, 'd.example': { ...others['d.example'], TXT: [own] } as ZoneRecords })),
    ),
  reverse: fc.array(name, { maxLength: 12 }),
  ip: fc.constantFrom('192.0.2.7', '2001:db8::7', '::ffff:192.0.2.7'),
  mailFrom: fc.oneof(
    fc.constant('ann@d.example'),
    fc.constant(''),
    fc.string().map(local => `${local}@d.example`),
    fc.string(),
  ),
  helo: fc.oneof(fc.constant('d.example'), fc.string()),
})

/** One record, ten terms with eleven questions each, the record below each of them, the names of the address, one `exp`. */
const mostQuestions = 1 + 10 * 11 + 10 + 11 + 1

function run(made: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const place = zone({
    ...made.zone,
    '7.2.0.192.in-addr.arpa': { PTR: made.reverse },
    '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': { PTR: made.reverse },
  })
  const { ip, mailFrom, helo } = made
  return { place, answer: checkHost({ ip, mailFrom, helo, now: 0 }, place.ask) }
}

describe('whatever the records say', () => {
  it('the answer is one of seven, bounded, and the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(world, async made => {
        const first = run(made)
        const answer = await first.answer
        expect(checkHostResults).toContain(answer.result)
        expect(checkHostResultSchema.parse(answer)).toEqual(answer)
        expect(first.place.calls.length).toBeLessThanOrEqual(mostQuestions)
        expect(answer.lookups).toBeLessThanOrEqual(11)
        expect(answer.voidLookups).toBeLessThanOrEqual(3)
        expect(answer.cause === null).toBe(['pass', 'fail', 'softfail', 'neutral'].includes(answer.result))
        if (answer.explanation !== null) {
          expect(answer.result).toBe('fail')
          expect(answer.explanation).toMatch(/^[ -~]*$/)
        }
        expect(await run(made).answer).toEqual(answer)
      }),
      { numRuns: 400 },
    )
  })

  it('no look-up that failed makes a pass', async () => {
    await fc.assert(
      fc.asyncProperty(world, async made => {
        const { ip, mailFrom, helo } = made
        const silent = zone(made.zone, { unavailable: () => 'timeout' })
        const answer = await checkHost({ ip, mailFrom, helo, now: 0 }, silent.ask)
        expect(['none', 'temperror']).toContain(answer.result)
      }),
      { numRuns: 100 },
    )
  })
})
