import { describe, expect, it } from 'vitest'
import { askHost, type Asking, four, record, six, sixReverse, spf } from './asking.ts'

/** RFC 7208 §7.4's sender, and its kind of names. */
const strong: Asking = { from: 'strong-bad@email.d.example', ip: '192.0.2.3', helo: 'mx.d.example' }
const strongSix: Asking = { ...strong, ip: '2001:db8::cb01' }
const sixDotted = '2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1'

/** The name that `exists:<spec>` asks for. */
async function nameAsked(spec: string, asking: Asking): Promise<string | undefined> {
  const { zone } = await askHost({ 'email.d.example': spf(`v=spf1 exists:${spec} -all`) }, asking)
  return zone.calls.find(call => call.type === 'A')?.name
}

/** What `exp` says when its text is this. */
async function explained(text: string, asking: Asking = strong): Promise<string | null> {
  const { explanation } = await askHost(
    { 'email.d.example': spf('v=spf1 -all exp=why.d.example'), 'why.d.example': { TXT: [text] } },
    asking,
  )
  return explanation
}

describe('in a name', () => {
  it.each<[string, string]>([
    ['%{d}', 'email.d.example'],
    ['%{d4}', 'email.d.example'],
    ['%{d3}', 'email.d.example'],
    ['%{d2}', 'd.example'],
    ['%{d1}.x', 'example.x'],
    ['%{dr}', 'example.d.email'],
    ['%{d2r}', 'd.email'],
    ['%{o}', 'email.d.example'],
    ['%{h}', 'mx.d.example'],
    ['%{l}.x.example', 'strong-bad.x.example'],
    ['%{l-}.x.example', 'strong.bad.x.example'],
    ['%{lr}.x.example', 'strong-bad.x.example'],
    ['%{lr-}.x.example', 'bad.strong.x.example'],
    ['%{l1r-}.x.example', 'strong.x.example'],
    ['%{s}', 'strong-bad@email.d.example'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.d.example'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.d.example'],
    ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '3.2.0.192.in-addr.strong.lp._spf.d.example'],
    ['%{d2}.trusted.example', 'd.example.trusted.example'],
    ['%{i}.x.example', '192.0.2.3.x.example'],
    ['%{i2}.x.example', '2.3.x.example'],
    ['%{I}.x.example', '192.0.2.3.x.example'],
    ['%{D}', 'email.d.example'],
    ['%{s1@}.x.example', 'permerror'],
    ['%{d99}', 'email.d.example'],
    ['%{d}.', 'permerror'],
    ['a%%b.x.example', 'a%b.x.example'],
    ['a%_b.x.example', 'a b.x.example'],
    ['a%-b.x.example', 'a%20b.x.example'],
    ['%{p}.x.example', 'unknown.x.example'],
  ])('%s', async (spec, name) => {
    expect((await nameAsked(spec, strong)) ?? 'permerror').toBe(name)
  })

  it('IPv6 digit by digit', async () => {
    expect((await nameAsked('%{i}.x.example', strongSix))?.toLowerCase()).toBe(`${sixDotted}.x.example`)
    const reversed = sixDotted.split('.').toReversed().join('.')
    expect((await nameAsked('%{ir}.%{v}._spf.%{d2}', strongSix))?.toLowerCase()).toBe(
      `${reversed}.ip6._spf.d.example`,
    )
  })

  it('several delimiters, and none of them kept', async () => {
    const asking = { ...strong, from: 'a+b-c/d_e=f,g.h@email.d.example' }
    expect(await nameAsked('%{l+-/_=,.}.x.example', asking)).toBe('a.b.c.d.e.f.g.h.x.example')
    expect(await nameAsked('%{l2r+-/_=,.}.x.example', asking)).toBe('b.a.x.example')
    expect(await nameAsked('%{l1+}.x.example', asking)).toBe('b-c/d_e=f,g.h.x.example')
  })

  it('upper case escapes what a URL may not hold', async () => {
    const asking = { ...strong, from: "a b&c!d'(e)*~f%é@email.d.example" }
    expect(await nameAsked('%{L}.x.example', asking)).toBe('a%20b%26c%21d%27%28e%29%2A~f%25%C3%A9.x.example')
  })

  it('a name that grows too long loses labels on its left (§7.3)', async () => {
    const label = 'abcdefghi'
    const from = `x@${Array.from({ length: 20 }, () => label).join('.')}.example`
    const domain = from.slice(2)
    const { zone } = await askHost({ [domain]: spf('v=spf1 exists:%{l}.first.%{o}.%{o} -all') }, { from })
    const asked = zone.calls.find(call => call.type === 'A')?.name ?? ''
    expect(asked.length).toBeLessThanOrEqual(253)
    expect(asked.length).toBeGreaterThan(253 - label.length - 1)
    expect(`x.first.${domain}.${domain}`.endsWith(`.${asked}`)).toBe(true)
  })

  it.each([
    ['a label too long', `${'x'.repeat(64)}@d.example`],
    ['an octet outside ASCII (RFC 8616 §4)', 'jörg@d.example'],
    ['a backslash', 'a\\b@d.example'],
    ['an empty label', 'a..b@d.example'],
  ])('a name that no question can be made of does not match: %s', async (_, from) => {
    const { result, zone } = await askHost(record('v=spf1 exists:%{l}.x.example a:%{l}.x.example ~all'), {
      from,
    })
    expect(result).toBe('softfail')
    expect(zone.calls).toEqual([{ name: 'd.example', type: 'TXT' }])
  })

  it.each([
    '%',
    '%{',
    '%{}',
    '%{q}',
    '%{d0}',
    '%{dx}',
    '%(d)',
    '%{d',
    '%d',
    '%{c}',
    '%{r}',
    '%{t}',
    '%{dr2}',
    '%{d!}',
  ])('%s is an error', async macro => {
    const { result, cause } = await askHost(record(`v=spf1 exists:x${macro}.d.example -all`))
    expect(result).toBe('permerror')
    expect(cause?.code).toBe('record-invalid')
  })
})

describe('%{p}, the validated name', () => {
  const reverse = '7.2.0.192.in-addr.arpa'
  const asked = async (names: readonly string[], confirmed: readonly string[]) => {
    const { zone } = await askHost(
      record('v=spf1 exists:%{p}.x.example -all', {
        [reverse]: { PTR: names },
        ...Object.fromEntries(confirmed.map(name => [name, { A: [four] }])),
      }),
    )
    return zone.calls.findLast(call => call.type === 'A')?.name
  }

  it('the domain itself, else a name below it, else any', async () => {
    const names = ['m.other.example', 'm.d.example', 'd.example']
    expect(await asked(names, ['m.other.example', 'm.d.example'])).toBe('m.d.example.x.example')
    expect(await asked(names, ['m.other.example'])).toBe('m.other.example.x.example')
    expect(await asked(names, [])).toBe('unknown.x.example')
  })

  it('the domain itself before a name below it', async () => {
    const { zone } = await askHost({
      'd.example': { TXT: ['v=spf1 exists:%{p}.x.example -all'], A: [four] },
      'm.d.example': { A: [four] },
      [reverse]: { PTR: ['m.d.example', 'd.example'] },
    })
    expect(zone.calls.at(-1)?.name).toBe('d.example.x.example')
  })

  it('unknown when it cannot be looked up', async () => {
    const { zone, result } = await askHost(
      record('v=spf1 exists:%{p}.x.example -all', { [reverse]: { unavailable: 'timeout' } }),
    )
    expect(zone.calls.at(-1)?.name).toBe('unknown.x.example')
    expect(result).toBe('fail')
  })

  it('IPv6', async () => {
    const { zone } = await askHost(
      record('v=spf1 exists:%{p}.x.example -all', {
        [sixReverse]: { PTR: ['m.d.example'] },
        'm.d.example': { AAAA: [six] },
      }),
      { ip: six },
    )
    expect(zone.calls.at(-1)?.name).toBe('m.d.example.x.example')
  })

  it('costs nothing where it does not stand, and counts as no term', async () => {
    const without = await askHost(record('v=spf1 exists:%{d}.x.example -all'))
    expect(without.zone.calls.some(call => call.type === 'PTR')).toBe(false)
    expect((await askHost(record('v=spf1 exists:%{p}.x.example -all'))).lookups).toBe(1)
  })
})

describe('in an explanation', () => {
  it.each<[string, string]>([
    ['%{i} may not send', '192.0.2.3 may not send'],
    ['%{c} for %{s} at %{t}', '192.0.2.3 for strong-bad@email.d.example at 1700000000'],
    ['%{r} saw %{h}', 'unknown saw mx.d.example'],
    [
      'See http://%{d}/why?s=%{S}&ip=%{C}&h=%{H}',
      'See http://email.d.example/why?s=strong-bad%40email.d.example&ip=192.0.2.3&h=mx.d.example',
    ],
    ['100%% of%_it%-', '100% of it%20'],
    ['ends in a dot.', 'ends in a dot.'],
    ['two  spaces', 'two  spaces'],
    ['', ''],
  ])('%s', async (text, said) => {
    expect(await explained(text)).toBe(said)
  })

  it('IPv6 as people write it, and as a name', async () => {
    expect(await explained('%{c}', strongSix)).toBe('2001:db8::cb01')
    expect(await explained('%{ir}.%{v}.arpa', strongSix)).toBe(
      `${sixDotted.toUpperCase().split('.').toReversed().join('.')}.ip6.arpa`,
    )
  })

  it('strings are joined', async () => {
    const { explanation } = await askHost(
      record('v=spf1 -all exp=why.example', { 'why.example': { TXT: [['one ', 'text']] } }),
    )
    expect(explanation).toBe('one text')
  })

  it('spaces of the local part stand as they are', async () => {
    expect(await explained('%{l}', { ...strong, from: 'two words@email.d.example' })).toBe('two words')
  })
})
