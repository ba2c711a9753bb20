import { describe, expect, it } from 'vitest'
import { gatherDkim } from '#engine/domains/checks/dkim-search.ts'
import { judgeDkim } from '#engine/domains/checks/dkim.ts'
import { mailProviders } from '#engine/domains/providers.ts'
import dictionary from '../../../resources/dkim-selectors.json' with { type: 'json' }
import { goodKey } from '../../helpers/audit-zone.ts'
import { zone, type ZoneOptions, type ZoneText } from '../../helpers/zone.ts'

async function judge(text: ZoneText, provider: string | null = 'google', options: ZoneOptions = {}) {
  const world = zone(text, options)
  const judged = judgeDkim(await gatherDkim('d.example', world.ask, Promise.resolve(provider)))
  const asked = world.calls
    .map(call => call.name)
    .filter(name => name.endsWith('_domainkey.d.example'))
    .map(name => name.replace(/\.?_domainkey\.d\.example$/, ''))
    .filter(name => name !== probe)
  return { ...judged, asked, codes: judged.findings.map(entry => entry.code) }
}

const probe = 'rookery-probe-no-such-selector'
const at = (selector: string) => `${selector}._domainkey.d.example`
const key = { TXT: [goodKey] }
const withdrawn = { TXT: ['v=DKIM1; p='] }

describe('the search', () => {
  it('ends after one question when nothing stands below _domainkey', async () => {
    const { result, codes, asked } = await judge({ 'd.example': {} })
    expect(asked).toEqual([''])
    expect(codes).toEqual(['dkim.none-possible'])
    expect(result).toEqual({ state: 'absent', verdict: 'fail', selectors: [], tried: 0 })
  })

  it('asks the provider’s selectors first and ends with the first key', async () => {
    const zone = { [at('fm1')]: key, [at('google')]: key }
    const { result, asked } = await judge(zone, 'fastmail')
    expect(asked).toEqual(['', 'fm1', 'fm2', 'fm3'])
    expect(result).toMatchObject({ state: 'found', verdict: 'pass', tried: 3 })
    expect(result.selectors).toEqual([
      {
        selector: 'fm1',
        state: 'found',
        verdict: 'pass',
        keyType: 'rsa',
        keyBits: 2048,
        record: goodKey,
        aliases: [],
      },
    ])
  })

  it('goes through the dictionary in batches and stops after the one that holds a key', async () => {
    const first = dictionary[0]?.selector ?? ''
    const { asked } = await judge({ [at(first)]: key }, null)
    expect(asked).toEqual(['', ...dictionary.slice(0, 6).map(entry => entry.selector)])
  })

  it('a withdrawn key does not end it', async () => {
    const { result, codes } = await judge({ [at('google')]: withdrawn, [at('k1')]: key })
    expect(result.selectors.map(entry => entry.selector)).toEqual(['google', 'k1'])
    expect(result.verdict).toBe('pass')
    expect(codes).toEqual(['dkim.revoked'])
  })

  it('with withdrawn keys alone there is none', async () => {
    const { result, findings } = await judge({ [at('google')]: withdrawn })
    expect(findings.map(entry => entry.code)).toEqual(['dkim.none-found', 'dkim.revoked'])
    expect(findings[0]?.facts).toEqual({ tried: result.tried, revoked: ['google'] })
    expect(result).toMatchObject({ state: 'found', verdict: 'warn' })
  })

  it('stops at a batch that nobody answered', async () => {
    const options: ZoneOptions = { unavailable: call => (call.name.startsWith('google.') ? 'timeout' : null) }
    const { result, asked, codes } = await judge({ [at('other')]: key }, 'google', options)
    expect(asked).toEqual(['', 'google'])
    expect(codes).toEqual([])
    expect(result).toMatchObject({ state: 'unavailable', verdict: 'unavailable' })
    expect(result.selectors).toMatchObject([{ selector: 'google', state: 'unavailable' }])
  })

  it('a key that was found decides, whatever else could not be asked', async () => {
    const options: ZoneOptions = {
      unavailable: call => (call.name.startsWith('selector2.') ? 'timeout' : null),
    }
    const { result } = await judge({ [at('selector1')]: key }, 'microsoft365', options)
    expect(result).toMatchObject({ state: 'found', verdict: 'pass' })
    expect(result.selectors.map(entry => entry.state)).toEqual(['found', 'unavailable'])
  })
})

describe('aliases', () => {
  it('are followed', async () => {
    const text = { [at('s1')]: { CNAME: 's1.keys.example' }, 's1.keys.example': key }
    expect((await judge(text, 'sendgrid')).result).toMatchObject({ state: 'found', verdict: 'pass' })
  })

  it('one that leads nowhere can be taken over', async () => {
    const { findings, result } = await judge({ [at('s1')]: { CNAME: 's1.gone.example' } }, 'sendgrid')
    expect(findings[0]).toMatchObject({ code: 'dkim.alias-dangling', severity: 'critical' })
    expect(result.selectors).toMatchObject([{ selector: 's1', state: 'absent', verdict: 'fail' }])
  })

  it('Microsoft’s second one may wait for its key', async () => {
    const target = 'selector2-d-example._domainkey.d.onmicrosoft.com'
    const { findings, result } = await judge(
      { [at('selector1')]: key, [at('selector2')]: { CNAME: target } },
      'microsoft365',
    )
    expect(findings).toMatchObject([{ code: 'dkim.alias-dangling', severity: 'medium', facts: { target } }])
    expect(result.verdict).toBe('warn')
  })
})

describe('wildcards', () => {
  it('a text under every selector is no key', async () => {
    const { codes, result } = await judge({ '*.d.example': { TXT: ['v=spf1 -all'] } })
    expect(codes).toEqual(['dkim.none-found'])
    expect(result.selectors).toEqual([])
  })

  it('a withdrawn key under every selector is told once', async () => {
    const { result, codes, asked } = await judge({ '*._domainkey.d.example': withdrawn }, null)
    expect(result.selectors.map(entry => entry.selector)).toEqual(['*'])
    expect(codes).toEqual(['dkim.none-found', 'dkim.revoked'])
    expect(asked.length).toBe(1 + 6)
  })

  it('an alias under every name dangles nowhere', async () => {
    const { codes } = await judge({ 'd.example': {}, '*.d.example': { CNAME: 'web.example' } })
    expect(codes).toEqual(['dkim.none-found'])
  })
})

describe('the dictionary', () => {
  it('names each selector once, with a source', () => {
    const names = dictionary.map(entry => entry.selector.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
    for (const { selector, source } of dictionary) {
      expect(selector).toMatch(/^[a-z0-9][a-z0-9_-]{0,62}$/i)
      expect(source).not.toBe('')
    }
  })

  it('holds every selector that a mail provider is known for', () => {
    const names = new Set(dictionary.map(entry => entry.selector.toLowerCase()))
    const missing = mailProviders
      .flatMap(provider => provider.dkimSelectors)
      .filter(selector => !names.has(selector.toLowerCase()))
    expect(missing.filter(selector => !/\d{6,}/.test(selector))).toEqual([])
  })
})
