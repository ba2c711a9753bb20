import { describe, expect, it } from 'vitest'
import type { ZoneText } from '../../helpers/zone.ts'
import { askHost, record, spf } from './asking.ts'

const why = (text: string): ZoneText => ({ 'why.example': { TXT: [text] } })
const failing = (others: ZoneText) => record('v=spf1 exp=why.example -all', others)

/** RFC 7208 §6.2: what makes the explanation go unused; the result stays `fail`. */
const unused: readonly [string, ZoneText][] = [
  ['no such name', failing({})],
  ['no TXT record', failing({ 'why.example': { A: ['192.0.2.1'] } })],
  ['two records', failing({ 'why.example': { TXT: ['one', 'two'] } })],
  ['a look-up that times out', failing({ 'why.example': { unavailable: 'timeout' } })],
  ['octets outside ASCII', failing(why('\ufeffwhy'))],
  ['a control character', failing(why('a\u0007b'))],
  ['an unknown macro', failing(why('%{x} files'))],
  ['a lone percent sign', failing(why('100 % wrong'))],
  ['no exp', record('v=spf1 -all', why('why'))],
  ['a name that cannot be', record('v=spf1 -all exp=%{l}..why.example', why('why'))],
]

describe('an explanation goes unused', () => {
  it.each(unused)('%s', async (_, text) => {
    expect(await askHost(text)).toMatchObject({ result: 'fail', explanation: null })
  })

  it.each([
    ['pass', 'v=spf1 exp=why.example +all'],
    ['softfail', 'v=spf1 exp=why.example ~all'],
    ['neutral', 'v=spf1 exp=why.example'],
    ['permerror', 'v=spf1 exp=why.example x -all'],
  ])('for %s, and is not asked for', async (result, text) => {
    const answer = await askHost(record(text, why('why')))
    expect(answer).toMatchObject({ result, explanation: null })
    expect(answer.zone.calls.map(call => call.name)).toEqual(['d.example'])
  })
})

describe('whose explanation it is', () => {
  const texts = { 'one.example': { TXT: ['one'] }, 'two.example': { TXT: ['two'] } }

  it('that of the record itself, wherever it stands in it', async () => {
    expect((await askHost(record('v=spf1 exp=one.example -all', texts))).explanation).toBe('one')
    expect((await askHost(record('v=spf1 -all exp=one.example', texts))).explanation).toBe('one')
  })

  it('after a redirect that of the other record', async () => {
    const text = 'v=spf1 exp=one.example redirect=r.example'
    const other = (said: string) => record(text, { ...texts, 'r.example': spf(said) })
    expect((await askHost(other('v=spf1 -all exp=two.example'))).explanation).toBe('two')
    expect((await askHost(other('v=spf1 -all'))).explanation).toBeNull()
  })

  it('never that of an include', async () => {
    const others = { ...texts, 'i.example': spf('v=spf1 ip4:192.0.2.7 exp=two.example') }
    const minus = await askHost(record('v=spf1 -include:i.example exp=one.example', others))
    expect(minus).toMatchObject({ result: 'fail', explanation: 'one' })
    const none = await askHost(record('v=spf1 -include:i.example', others))
    expect(none).toMatchObject({ result: 'fail', explanation: null })
  })

  it('its macros know the record it stands in', async () => {
    const answer = await askHost(
      record('v=spf1 redirect=r.example', {
        'r.example': spf('v=spf1 -all exp=%{l}.%{d}'),
        'ann.r.example': { TXT: ['%{d} for %{o}'] },
      }),
    )
    expect(answer.explanation).toBe('r.example for d.example')
  })

  it('counts towards no limit', async () => {
    const answer = await askHost(record('v=spf1 a:x.example a:y.example exp=gone.example -all'))
    expect(answer).toMatchObject({ result: 'fail', lookups: 2, voidLookups: 2 })
  })
})

describe('an exp that cannot be read breaks the record', () => {
  it.each(['exp=', 'exp=-all', 'exp=%{r}.example', 'exp=a.example exp=b.example', 'exp:a.example'])(
    '%s',
    async term => {
      expect((await askHost(record(`v=spf1 ${term} -all`))).result).toBe('permerror')
    },
  )
})
