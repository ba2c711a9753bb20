import { describe, expect, it } from 'vitest'
import { gatherDmarc, judgeDmarc } from '#engine/domains/checks/dmarc.ts'
import { walkDmarc, walkNames } from '#engine/domains/checks/dmarc-walk.ts'
import { zone, type ZoneText } from '../../helpers/zone.ts'

async function judge(domain: string, text: ZoneText) {
  const world = zone({ 'example.com': { MX: ['1 mx.example.com'] }, ...text })
  const judged = judgeDmarc(await gatherDmarc(domain, world.ask))
  const walked = zone(text)
  await walkDmarc(domain, walked.ask)
  return { ...judged, asked: walked.calls.map(call => call.name) }
}

async function severityOf(text: string) {
  const { findings } = await judge('example.com', { '_dmarc.example.com': { TXT: [text] } })
  return findings.find(entry => entry.code === 'dmarc.syntax')?.severity
}

const policy = (text: string) => ({ TXT: [text] })
const rua = 'rua=mailto:a@example.com'

describe('the tree walk', () => {
  it.each([
    ['example.com', ['example.com', 'com']],
    ['a.b.example.com', ['a.b.example.com', 'b.example.com', 'example.com', 'com']],
    [
      'a.b.c.d.e.f.example.com',
      [
        'a.b.c.d.e.f.example.com',
        'b.c.d.e.f.example.com',
        'c.d.e.f.example.com',
        'd.e.f.example.com',
        'e.f.example.com',
        'f.example.com',
        'example.com',
        'com',
      ],
    ],
    [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      [
        'a.b.c.d.e.f.g.h.i.j.mail.example.com',
        'g.h.i.j.mail.example.com',
        'h.i.j.mail.example.com',
        'i.j.mail.example.com',
        'j.mail.example.com',
        'mail.example.com',
        'example.com',
        'com',
      ],
    ],
  ])('%s', async (domain, names) => {
    expect(walkNames(domain)).toEqual(names)
    const { asked, result } = await judge(domain, {})
    expect(asked).toEqual(names.map(name => `_dmarc.${name}`))
    expect(result).toMatchObject({ state: 'absent', policy: null, foundAt: null })
  })

  it('ends at the record of the domain itself', async () => {
    const { asked, result } = await judge('a.example.com', {
      '_dmarc.a.example.com': policy(`v=DMARC1; p=none; ${rua}`),
      '_dmarc.example.com': policy(`v=DMARC1; p=reject; ${rua}`),
    })
    expect(asked).toEqual(['_dmarc.a.example.com'])
    expect(result).toMatchObject({ policy: 'none', foundAt: '_dmarc.a.example.com' })
  })

  it('takes the record with the fewest labels', async () => {
    const { asked, result } = await judge('a.b.example.com', {
      '_dmarc.b.example.com': policy(`v=DMARC1; p=reject; ${rua}`),
      '_dmarc.example.com': policy(`v=DMARC1; p=quarantine; ${rua}`),
    })
    expect(asked).toEqual([
      '_dmarc.a.b.example.com',
      '_dmarc.b.example.com',
      '_dmarc.example.com',
      '_dmarc.com',
    ])
    expect(result).toMatchObject({ policy: 'quarantine', foundAt: '_dmarc.example.com' })
  })

  it('psd=n ends it and names the organisation', async () => {
    const { asked, result } = await judge('a.b.example.com', {
      '_dmarc.b.example.com': policy(`v=DMARC1; p=reject; psd=n; ${rua}`),
      '_dmarc.example.com': policy(`v=DMARC1; p=none; ${rua}`),
    })
    expect(asked).toEqual(['_dmarc.a.b.example.com', '_dmarc.b.example.com'])
    expect(result).toMatchObject({ policy: 'reject', foundAt: '_dmarc.b.example.com' })
  })

  it('the organisation stands one label below psd=y', async () => {
    const text = {
      '_dmarc.b.example.bank': policy(`v=DMARC1; p=none; ${rua}`),
      '_dmarc.example.bank': policy(`v=DMARC1; p=reject; sp=quarantine; ${rua}`),
      '_dmarc.bank': policy(`v=DMARC1; p=none; psd=y; ${rua}`),
    }
    expect((await judge('a.b.example.bank', text)).result).toMatchObject({
      policy: 'quarantine',
      foundAt: '_dmarc.example.bank',
    })
  })

  it('without a record of the organisation the suffix speaks, and its sp counts', async () => {
    const { result, findings } = await judge('example.bank', {
      '_dmarc.bank': policy(`v=DMARC1; p=reject; sp=none; psd=y; ${rua}`),
    })
    expect(result).toMatchObject({ policy: 'none', foundAt: '_dmarc.bank' })
    expect(findings.map(entry => [entry.code, entry.facts.tag])).toEqual([['dmarc.policy-none', 'sp']])
  })

  it('two records count as none, and the walk goes on', async () => {
    const { result, findings } = await judge('a.example.com', {
      '_dmarc.a.example.com': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
      '_dmarc.example.com': policy(`v=DMARC1; p=reject; ${rua}`),
    })
    expect(result).toMatchObject({ policy: 'reject', foundAt: '_dmarc.example.com', verdict: 'fail' })
    expect(findings.map(entry => [entry.code, entry.facts.name])).toEqual([
      ['dmarc.multiple', '_dmarc.a.example.com'],
    ])
  })

  it('other texts at the name are passed over', async () => {
    const { result, findings } = await judge('example.com', {
      '_dmarc.example.com': { TXT: ['hello', `v=DMARC1; p=reject; ${rua}`] },
    })
    expect(result).toMatchObject({ record: `v=DMARC1; p=reject; ${rua}`, verdict: 'pass' })
    expect(findings).toEqual([])
  })

  it('nothing is concluded past a name that could not be looked up', async () => {
    const { result, findings, asked } = await judge('a.b.example.com', {
      '_dmarc.b.example.com': { unavailable: 'servfail' },
      '_dmarc.example.com': policy('v=DMARC1; p=none'),
    })
    expect(result).toEqual({
      state: 'unavailable',
      record: null,
      verdict: 'unavailable',
      policy: null,
      foundAt: null,
      organisationalDomain: null,
      older: null,
    })
    expect(findings).toEqual([])
    expect(asked).toEqual(['_dmarc.a.b.example.com', '_dmarc.b.example.com'])
  })
})

describe('the policy', () => {
  it.each([
    ['v=DMARC1; p=reject', 'reject'],
    [`v=DMARC1; ${rua}`, 'none'],
    [`v=DMARC1; p=block; ${rua}`, 'none'],
    ['v=DMARC1; p=block', null],
    ['v=DMARC1; rua=nobody', null],
    ['v=DMARC1; rua=https://reports.example/dmarc', 'none'],
    ['v=DMARC1; p=block; rua=https:', null],
    ['v=DMARC1; p=Quarantine', 'quarantine'],
    ['v=DMARC1; p=reject; sp=none; np=none', 'reject'],
    [`v=DMARC1; p=reject; sp=maybe; ${rua}`, 'none'],
    ['v=DMARC1; p=reject; sp=maybe', null],
    [`v=DMARC1; p=reject; np=maybe; ${rua}`, 'none'],
    [`v=DMARC1; p=reject; t=maybe; ${rua}`, 'reject'],
  ])('%s gives %s', async (text, expected) => {
    const { result } = await judge('example.com', { '_dmarc.example.com': policy(text) })
    expect(result.policy).toBe(expected)
  })

  it('an error in the policy itself is worse than one beside it', async () => {
    expect(await severityOf(`v=DMARC1; p=reject; p=none; ${rua}`)).toBe('high')
    expect(await severityOf(`v=DMARC1; p=reject; sp=maybe; ${rua}`)).toBe('high')
    expect(await severityOf(`v=DMARC1; p=reject; sp=none; sp=reject; ${rua}`)).toBe('medium')
    expect(await severityOf(`v=DMARC1; p=reject; t=maybe; ${rua}`)).toBe('medium')
    expect(await severityOf(`v=DMARC1; p=reject; unknown=1; ${rua}`)).toBeUndefined()
  })
})

describe('almost', () => {
  it.each([
    ['v=dmarc1; p=none', 'version'],
    ['v=DMARC2; p=none', 'version'],
    ['DMARC1; p=none', 'version'],
    ['"v=DMARC1; p=none"', 'quotes'],
    ['v=DMARC1\\; p=none', 'backslash'],
    ['“v=DMARC1; p=none”', 'quotes'],
    ['p=none; v=DMARC1', 'order'],
    [' v=DMARC1; p=none', 'leading-text'],
  ])('%j: %s', async (text, reason) => {
    const { result, findings } = await judge('example.com', { '_dmarc.example.com': policy(text) })
    expect(result.state).toBe('absent')
    expect(findings.map(entry => entry.code)).toEqual(['dmarc.almost', 'dmarc.missing'])
    expect(findings[0]?.facts.reason).toBe(reason)
  })

  it('an SPF record at _dmarc stands in the wrong place', async () => {
    const { findings } = await judge('example.com', { '_dmarc.example.com': policy('v=spf1 -all') })
    expect(findings[0]).toMatchObject({
      code: 'dmarc.wrong-location',
      facts: { name: '_dmarc.example.com', shouldBe: 'example.com', holds: 'spf' },
    })
  })

  it('a copy at the apex beside the right one is left alone', async () => {
    const record = `v=DMARC1; p=reject; ${rua}`
    const { findings } = await judge('example.com', {
      'example.com': { ...policy(record), MX: ['1 mx.example.com'] },
      '_dmarc.example.com': policy(record),
    })
    expect(findings).toEqual([])
  })
})
