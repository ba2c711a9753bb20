import { describe, expect, it } from 'vitest'
import { gatherSpf, judgeSpf } from '#engine/domains/checks/spf.ts'
import { limits } from '#engine/net/limits.ts'
import type { SpfCost } from '#shared/model/audit.ts'
import { zone, type ZoneCall, type ZoneText } from '../../helpers/zone.ts'

async function judge(text: ZoneText) {
  const world = zone(text)
  return { ...judgeSpf(await gatherSpf('d.example', world.ask)), calls: world.calls }
}

/** What was asked beside the own record, the retired type and the name that nobody has. */
const namesUnder = (calls: readonly ZoneCall[]) => calls.filter(call => !call.name.endsWith('d.example'))

const at = (record: string, others: ZoneText = {}) => ({ 'd.example': { TXT: [record] }, ...others })
const record = (text: string) => ({ TXT: [text] })

describe('look-ups are counted over the whole record', () => {
  it.each<[string, ZoneText, number, number]>([
    ['nothing to ask', at('v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all'), 0, 0],
    ['exp costs nothing', at('v=spf1 exp=e.example -all'), 0, 0],
    [
      'each of a, mx, ptr, exists, include',
      at('v=spf1 a mx ptr exists:d.example include:i.example -all', {
        'd.example': {
          TXT: ['v=spf1 a mx ptr exists:d.example include:i.example -all'],
          A: ['192.0.2.1'],
          MX: ['1 m.example'],
        },
        'i.example': record('v=spf1 -all'),
      }),
      5,
      0,
    ],
    [
      'macros cost one and are not asked',
      at('v=spf1 exists:%{i}.x.example include:%{d}.y.example -all'),
      2,
      0,
    ],
    [
      'includes inside includes',
      at('v=spf1 include:a.example -all', {
        'a.example': record('v=spf1 include:b.example include:c.example -all'),
        'b.example': record('v=spf1 include:c.example -all'),
        'c.example': record('v=spf1 a:c.example -all'),
      }),
      6,
      2,
    ],
    [
      'a redirect and what stands below it',
      at('v=spf1 mx redirect=r.example', {
        'd.example': { TXT: ['v=spf1 mx redirect=r.example'], MX: ['1 m.example'] },
        'r.example': record('v=spf1 include:s.example -all'),
        's.example': record('v=spf1 -all'),
      }),
      3,
      0,
    ],
    ['a redirect beside all is ignored', at('v=spf1 -all redirect=r.example'), 0, 0],
    [
      'what stands behind all is ignored',
      at('v=spf1 include:i.example -all a mx', { 'i.example': record('v=spf1 ?all a a') }),
      1,
      0,
    ],
    [
      'NXDOMAIN and NODATA are void',
      at('v=spf1 a:none.example mx:there.example include:there.example -all', {
        'there.example': { A: ['192.0.2.1'] },
      }),
      3,
      3,
    ],
    [
      'a has two families, and one is enough',
      at('v=spf1 a:six.example -all', { 'six.example': { AAAA: ['2001:db8::1'] } }),
      1,
      0,
    ],
    [
      'a loop is counted where it closes',
      at('v=spf1 include:l.example -all', {
        'l.example': record('v=spf1 include:d.example -all'),
      }),
      2,
      0,
    ],
    [
      'the same include twice costs twice',
      at('v=spf1 include:i.example include:i.example -all', { 'i.example': record('v=spf1 -all') }),
      2,
      0,
    ],
  ])('%s', async (_, text, lookups, voidLookups) => {
    const { result } = await judge(text)
    expect(result).toMatchObject({ state: 'found', lookups, voidLookups })
  })

  it('as a tree', async () => {
    const { result } = await judge(
      at('v=spf1 include:a.example exists:%{i}.x.example ~all', {
        'a.example': record('v=spf1 mx:none.example redirect=b.example'),
        'b.example': record('v=spf1 -all'),
      }),
    )
    const leaf = { children: [], voidLookups: 0 }
    expect(result.costs).toEqual<SpfCost[]>([
      {
        term: 'include:a.example',
        target: 'a.example',
        lookups: 3,
        voidLookups: 1,
        state: 'found',
        children: [
          {
            term: 'mx:none.example',
            target: 'none.example',
            lookups: 1,
            voidLookups: 1,
            state: 'absent',
            children: [],
          },
          { ...leaf, term: 'redirect=b.example', target: 'b.example', lookups: 1, state: 'found' },
        ],
      },
      { ...leaf, term: 'exists:%{i}.x.example', target: null, lookups: 1, state: 'not-asked' },
    ])
  })

  it('no more names are asked than the limit, whatever the tree', async () => {
    const wide = Array.from({ length: 7 }, (_, index) => `include:%.example`.replace('%', `n${index}`))
    const text: Record<string, { TXT: string[] }> = { 'd.example': record(`v=spf1 ${wide.join(' ')} -all`) }
    for (let index = 0; index < 7; index += 1) {
      const below = Array.from({ length: 9 }, (_, other) => `include:n${index}x${other}.example`)
      text[`n${index}.example`] = record(`v=spf1 ${below.join(' ')} -all`)
      for (let other = 0; other < 9; other += 1) text[`n${index}x${other}.example`] = record('v=spf1 a -all')
    }
    const { result, calls } = await judge(text)
    expect(result.lookups).toBeGreaterThan(limits.spfTreeLookups)
    expect(namesUnder(calls)).toHaveLength(limits.spfTreeLookups)
  })

  it('no deeper than the limit', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `c${index}.example`,
        record(`v=spf1 include:c${index + 1}.example -all`),
      ]),
    )
    const { calls } = await judge(at('v=spf1 include:c0.example -all', chain))
    expect(namesUnder(calls)).toHaveLength(limits.spfDepth)
  })
})

describe('the effective all', () => {
  it.each<[string, ZoneText, string | null]>([
    ['v=spf1 -all', {}, '-all'],
    ['v=spf1 all', {}, '+all'],
    ['v=spf1 ~ALL', {}, '~all'],
    ['v=spf1 ?all -all', {}, '?all'],
    ['v=spf1 mx', {}, null],
    [
      'v=spf1 redirect=r.example',
      { 'r.example': record('v=spf1 redirect=s.example'), 's.example': record('v=spf1 ~all') },
      '~all',
    ],
    ['v=spf1 redirect=gone.example', {}, null],
    ['v=spf1 redirect=%{d}.example', {}, null],
  ])('%s', async (text, others, all) => {
    expect((await judge(at(text, others))).result.all).toBe(all)
  })

  it.each([
    ['an include whose record passes everyone', 'v=spf1 include:o.example -all', ['d.example', 'o.example']],
    ['a redirect to one', 'v=spf1 redirect=o.example', ['d.example', 'o.example']],
    ['the whole of IPv4', 'v=spf1 ip4:0.0.0.0/0 -all', ['d.example']],
  ])('%s lets everyone pass', async (_, text, via) => {
    const { findings } = await judge(at(text, { 'o.example': record('v=spf1 +all') }))
    expect(findings.find(entry => entry.code === 'spf.pass-all')?.facts.via).toEqual(via)
  })

  it('an open include behind a minus does not', async () => {
    const { findings } = await judge(
      at('v=spf1 -include:o.example -all', { 'o.example': record('v=spf1 +all') }),
    )
    expect(findings).toEqual([])
  })

  it('a redirect that cannot be followed says nothing about the all', async () => {
    const { findings } = await judge(at('v=spf1 redirect=gone.example'))
    expect(findings.map(entry => entry.code)).toEqual(['spf.include-without-record', 'spf.lapsed-target'])
  })
})

describe('selection', () => {
  it.each([
    ['v=spf1; mx -all', 'separator', 'v=spf1 mx -all'],
    ['v=spf1,mx -all', 'separator', 'v=spf1 mx -all'],
    ['v=spf1include:x.example -all', 'separator', 'v=spf1 include:x.example -all'],
    ['v=spf1;mx;-all', 'separator', 'v=spf1 mx -all'],
    ['v=spf2 mx -all', 'version', ''],
    ['v=spf10 mx -all', 'version', ''],
    ['v = spf1 mx -all', 'version', 'v=spf1 mx -all'],
    ['spf1 include:x.example -all', 'version', ''],
    ['"v=spf1 mx -all"', 'quotes', 'v=spf1 mx -all'],
    ['\\"v=spf1 mx -all\\"', 'quotes', 'v=spf1 mx -all'],
    ['“v=spf1 mx -all”', 'quotes', 'v=spf1 mx -all'],
    [' v=spf1 mx -all', 'leading-text', 'v=spf1 mx -all'],
    ['\ufeffv=spf1 mx -all', 'leading-text', 'v=spf1 mx -all'],
    ['TXT v=spf1 mx -all', 'leading-text', 'v=spf1 mx -all'],
  ])('%j is almost a record: %s', async (text, reason, mended) => {
    const { result, findings } = await judge(at(text))
    expect(result).toMatchObject({ state: 'absent', record: null, verdict: 'fail' })
    expect(findings.map(entry => entry.code)).toEqual(['spf.almost', 'spf.missing'])
    expect(findings[0]?.facts).toEqual({ name: 'd.example', record: text, reason, expected: mended })
  })

  it.each(['google-site-verification=spf1', 'v=DMARC1; p=none', 'our spf policy'])(
    '%j is none',
    async text => {
      expect((await judge(at(text))).findings.map(entry => entry.code)).toEqual(['spf.missing'])
    },
  )

  it('a broken record beside a good one is a small matter', async () => {
    const { result, findings } = await judge({ 'd.example': { TXT: ['v=spf1 -all', 'v=spf1; -all'] } })
    expect(result).toMatchObject({ record: 'v=spf1 -all', verdict: 'pass' })
    expect(findings.map(entry => [entry.code, entry.severity])).toEqual([['spf.almost', 'low']])
  })

  it('a cut in the middle of a term is no seam', async () => {
    const { findings } = await judge({ 'd.example': { TXT: [['v=spf1 ip4:192.0.', '2.1 -al', 'l']] } })
    expect(findings).toEqual([])
  })

  it('the retired record type alone is a record at the wrong type', async () => {
    const with99 = await judge({ 'd.example': { SPF: ['v=spf1 -all'] } })
    expect(with99.findings[0]?.facts).toMatchObject({ reason: 'record-type', record: 'v=spf1 -all' })
    expect(with99.findings.map(entry => entry.code)).toEqual(['spf.almost', 'spf.missing'])
  })

  it('include=x is told as the slip it is', async () => {
    const { findings } = await judge(at('v=spf1 include=x.example -all'))
    expect(findings[0]).toMatchObject({
      code: 'spf.syntax',
      severity: 'high',
      facts: { term: 'include=x.example', reason: 'mechanism-as-modifier', position: 7 },
    })
  })

  it('an error below the own record names where it stands', async () => {
    const { findings } = await judge(
      at('v=spf1 include:b.example include:b.example -all', { 'b.example': record('v=spf1 foo -all') }),
    )
    const broken = findings.filter(entry => entry.code === 'spf.syntax')
    expect(broken.map(entry => entry.facts.name)).toEqual(['b.example'])
  })

  it('two records under an include break it', async () => {
    const { findings } = await judge(
      at('v=spf1 include:b.example -all', { 'b.example': { TXT: ['v=spf1 -all', 'v=spf1 a -all'] } }),
    )
    expect(findings.map(entry => [entry.code, entry.facts.reason])).toEqual([
      ['spf.include-without-record', 'several-records'],
    ])
  })
})
