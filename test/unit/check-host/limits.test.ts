import { describe, expect, it } from 'vitest'
import type { ZoneText } from '../../helpers/zone.ts'
import { askHost, four, record, spf } from './asking.ts'

const other = '198.51.100.9'
const own = { 'd.example': { A: [other], MX: ['1 d.example'] } }
const times = (count: number, term: string) => Array.from({ length: count }, () => term).join(' ')

const hosts = (count: number): ZoneText => ({
  'd.example': { MX: Array.from({ length: count }, (_, index) => `${index} m${index}.example`) },
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `m${index}.example`,
      { A: [index === count - 1 ? four : other] },
    ]),
  ),
})

const names = (count: number): ZoneText => ({
  '7.2.0.192.in-addr.arpa': {
    PTR: [...Array.from({ length: count }, (_, i) => `x${i}.e.example`), 'm.d.example'],
  },
  'm.d.example': { A: [four] },
})

/** RFC 7208 §4.6.4. */
describe('ten terms that ask', () => {
  it.each([
    ['a', `v=spf1 ${times(10, 'a')} ip4:192.0.2.7 -all`],
    ['a and mx', `v=spf1 ${times(5, 'a mx')} ip4:192.0.2.7 -all`],
    ['those of an include', 'v=spf1 a include:i.example mx ip4:192.0.2.7 -all'],
    ['those of a redirect', 'v=spf1 a redirect=j.example'],
  ])('are allowed: %s', async (_, text) => {
    const others: ZoneText = {
      ...own,
      'i.example': { TXT: [`v=spf1 ${times(7, 'a:d.example')}`] },
      'j.example': { TXT: [`v=spf1 ${times(8, 'a:d.example')} ip4:192.0.2.7 -all`] },
    }
    expect(await askHost(record(text, others))).toMatchObject({ result: 'pass', lookups: 10 })
  })

  it.each([
    ['a', `v=spf1 ${times(11, 'a')} ip4:192.0.2.7 -all`],
    ['an include', `v=spf1 ${times(10, 'a')} include:i.example -all`],
    ['those of an include', 'v=spf1 a include:i.example mx ip4:192.0.2.7 -all'],
    ['a redirect', `v=spf1 ${times(10, 'a')} redirect=i.example`],
    ['ptr', `v=spf1 ${times(10, 'a')} ptr -all`],
    ['exists', `v=spf1 ${times(10, 'a')} exists:d.example -all`],
    ['mx', `v=spf1 ${times(10, 'a')} mx -all`],
  ])('the eleventh is an error: %s', async (_, text) => {
    const others = { ...own, 'i.example': { TXT: [`v=spf1 ${times(8, 'a:d.example')}`] } }
    const answer = await askHost(record(text, others))
    expect(answer).toMatchObject({ result: 'permerror', lookups: 11, cause: { code: 'too-many-lookups' } })
  })

  it('what is not reached does not count', async () => {
    const late = await askHost(record(`v=spf1 ip4:192.0.2.7 ${times(20, 'a')} -all`, own))
    expect(late).toMatchObject({ result: 'pass', lookups: 0 })
    const unused = await askHost(record('v=spf1 redirect=d.example ~all', own))
    expect(unused).toMatchObject({ result: 'softfail', lookups: 0 })
  })

  it('ip4, ip6, all, exp and unknown modifiers cost nothing', async () => {
    const text = `v=spf1 ${times(20, 'ip4:203.0.113.1 ip6:2001:db8::1')} x=%{d} exp=e.example -all`
    expect(await askHost(record(text))).toMatchObject({ result: 'fail', lookups: 0 })
  })

  it.each([
    ['an include of itself', { 'd.example': spf('v=spf1 include:d.example -all') }],
    ['a redirect to itself', { 'd.example': spf('v=spf1 redirect=d.example') }],
    [
      'two that include each other',
      { 'd.example': spf('v=spf1 include:e.example'), 'e.example': spf('v=spf1 include:d.example') },
    ],
  ])('end %s', async (_, text) => {
    expect(await askHost(text)).toMatchObject({ result: 'permerror', cause: { code: 'too-many-lookups' } })
  })

  it('an address set has no limit', async () => {
    const many = { 'd.example': { A: [...Array.from({ length: 30 }, (_, i) => `203.0.113.${i}`), four] } }
    expect((await askHost(record('v=spf1 a -all', many))).result).toBe('pass')
  })
})

describe('two look-ups that find nothing', () => {
  it('are allowed', async () => {
    const text = 'v=spf1 a:x.example exists:y.example ip4:192.0.2.7 -all'
    expect(await askHost(record(text))).toMatchObject({ result: 'pass', lookups: 2, voidLookups: 2 })
  })

  it.each([
    ['a', 'a:x.example a:y.example a:z.example'],
    ['mx', 'mx:x.example mx:y.example mx:z.example'],
    ['exists', 'exists:x.example exists:y.example exists:z.example'],
    ['ptr', 'ptr ptr ptr'],
    ['NODATA as well as NXDOMAIN', 'mx:there.example a:there.example exists:there.example'],
  ])('the third is an error: %s', async (_, terms) => {
    const others = { 'there.example': { TXT: ['x'] } }
    const answer = await askHost(record(`v=spf1 ${terms} ip4:192.0.2.7 -all`, others))
    expect(answer).toMatchObject({
      result: 'permerror',
      voidLookups: 3,
      cause: { code: 'too-many-void-lookups' },
    })
  })

  it('are counted over includes', async () => {
    const text = 'v=spf1 a:x.example include:i.example a:z.example +all'
    const others = { 'i.example': spf('v=spf1 a:y.example') }
    expect((await askHost(record(text, others))).result).toBe('permerror')
  })

  it('the addresses of mail servers are no terms', async () => {
    const others = { 'd.example': { MX: ['1 a.example', '2 b.example', '3 c.example'] } }
    expect(await askHost(record('v=spf1 mx -all', others))).toMatchObject({ result: 'fail', voidLookups: 0 })
  })
})

describe('ten mail servers, ten names', () => {
  it('ten mail servers are looked at', async () => {
    expect(await askHost(record('v=spf1 mx -all', hosts(10)))).toMatchObject({ result: 'pass', lookups: 1 })
  })

  it('eleven are an error, and none of them is asked for', async () => {
    const answer = await askHost(record('v=spf1 mx -all', hosts(11)))
    expect(answer).toMatchObject({ result: 'permerror', cause: { code: 'too-many-mx-hosts', term: 'mx' } })
    expect(answer.zone.calls).toHaveLength(2)
  })

  it('names of the address beyond the tenth are ignored', async () => {
    expect((await askHost(record('v=spf1 ptr -all', names(9)))).result).toBe('pass')
    expect((await askHost(record('v=spf1 ptr -all', names(10)))).result).toBe('fail')
  })
})
