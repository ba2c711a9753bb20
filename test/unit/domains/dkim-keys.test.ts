import { describe, expect, it } from 'vitest'
import { gatherDkim } from '#engine/domains/checks/dkim-search.ts'
import { judgeDkim } from '#engine/domains/checks/dkim.ts'
import { goodKey } from '../../helpers/audit-zone.ts'
import { fakeRsaKey } from '../../helpers/dkim-keys.ts'
import { zone, type ZoneOptions, type ZoneRecords, type ZoneText } from '../../helpers/zone.ts'

const at = (selector: string) => `${selector}._domainkey.example.com`

async function judge(text: ZoneText, provider: string | null = 'google', options: ZoneOptions = {}) {
  const world = zone({ 'example.com': {}, ...text }, options)
  const judged = judgeDkim(await gatherDkim('example.com', world.ask, Promise.resolve(provider)))
  return { ...judged, codes: judged.findings.map(entry => entry.code) }
}
const google = (records: ZoneRecords) => judge({ [at('google')]: records })

const key = goodKey.slice(goodKey.indexOf('p=') + 2)

describe('a key that was damaged on its way', () => {
  it.each([
    ['quotes', `"${goodKey}"`],
    ['quotes', `v=DKIM1; k=rsa; p=${key.slice(0, 200)}" "${key.slice(200)}`],
    ['quotes', `“${goodKey}”`],
    ['backslashes', goodKey.replaceAll(';', '\\;')],
    ['backslashes', `${goodKey.replaceAll(';', '\\;')}\\n`],
  ])('%s: %s', async (reason, text) => {
    const { findings, result } = await google({ TXT: [text] })
    expect(findings[0]).toMatchObject({ code: 'dkim.key-invalid', facts: { reason, expected: goodKey } })
    expect(result.verdict).toBe('fail')
  })

  it.each([
    ['at 255 characters', goodKey.slice(0, 255)],
    ['with 255 characters of key', `v=DKIM1; p=${key.slice(0, 255)}`],
    ['anywhere else', goodKey.slice(0, 300)],
  ])('cut off %s', async (_, text) => {
    const { findings } = await google({ TXT: [text] })
    expect(findings.map(entry => [entry.code, entry.facts.reason])).toEqual([
      ['dkim.key-invalid', 'truncated'],
    ])
  })

  it('cut into two records', async () => {
    const { findings } = await google({ TXT: [goodKey.slice(0, 250), goodKey.slice(250)] })
    expect(findings[0]).toMatchObject({
      code: 'dkim.key-invalid',
      facts: { reason: 'split', expected: goodKey },
    })
  })

  it('in several strings of one record it is whole', async () => {
    expect((await google({ TXT: [[goodKey.slice(0, 255), goodKey.slice(255)]] })).codes).toEqual([])
  })

  it('quotation marks in a note harm nobody', async () => {
    expect((await google({ TXT: [`${goodKey}; n="hello"`] })).codes).toEqual([])
  })
})

describe('names', () => {
  it('a proxy of another network is told without its name', async () => {
    const { findings } = await google({ A: ['192.0.2.7'] })
    expect(findings[0]).toMatchObject({
      code: 'dkim.proxied',
      facts: { network: '', addresses: ['192.0.2.7'] },
    })
  })

  it('IPv6 alone is a proxy too', async () => {
    const { findings } = await google({ AAAA: ['2606:4700::6810:1'] })
    expect(findings[0]).toMatchObject({ code: 'dkim.proxied', facts: { network: 'cloudflare' } })
  })

  it('addresses that every name has are no proxy', async () => {
    const { codes } = await judge({ '*.example.com': { A: ['104.16.1.1'] } })
    expect(codes).toEqual(['dkim.none-found'])
  })

  it('nothing is said of a proxy while a wildcard cannot be ruled out', async () => {
    const options: ZoneOptions = {
      unavailable: call => (call.type !== 'TXT' && call.name.startsWith('rookery-probe') ? 'timeout' : null),
    }
    const { codes } = await judge({ [at('google')]: { A: ['104.16.1.1'] } }, 'google', options)
    expect(codes).not.toContain('dkim.proxied')
  })

  it('a doubled name counts only where the right one has no key', async () => {
    const doubled = { [`${at('google')}.example.com`]: { TXT: [goodKey] } }
    expect((await judge(doubled)).codes).toEqual(['dkim.none-possible', 'dkim.doubled-name'])
    expect((await judge({ ...doubled, [at('google')]: { TXT: [goodKey] } })).codes).toEqual([])
  })

  it('the zone is added to a subdomain', async () => {
    const world = zone({ 'google._domainkey.mail.example.com.example.com': { TXT: [goodKey] } })
    const facts = await gatherDkim('mail.example.com', world.ask, Promise.resolve('google'))
    expect(judgeDkim(facts).findings.map(entry => entry.facts.shouldBe ?? '')).toContain(
      'google._domainkey.mail.example.com',
    )
  })
})

describe('aliases', () => {
  it('are kept with the key they lead to', async () => {
    const { result } = await judge({
      [at('google')]: { CNAME: 'one.example' },
      'one.example': { CNAME: 'two.example' },
      'two.example': { TXT: [goodKey] },
    })
    expect(result.selectors[0]?.aliases).toEqual(['one.example', 'two.example'])
  })

  it('in a circle are told, with the way', async () => {
    const circle = { [at('google')]: { CNAME: 'a.example' }, 'a.example': { CNAME: at('google') } }
    const { findings, result } = await judge(circle)
    expect(findings.find(entry => entry.code === 'dkim.alias-loop')?.facts.path).toEqual([
      at('google'),
      'a.example',
      at('google'),
    ])
    expect(result.selectors[0]).toMatchObject({ selector: 'google', state: 'absent', verdict: 'fail' })
  })

  it('that could not be followed round are not', async () => {
    const circle = { [at('google')]: { CNAME: 'a.example' }, 'a.example': { CNAME: at('google') } }
    const options: ZoneOptions = { unavailable: call => (call.type === 'CNAME' ? 'timeout' : null) }
    expect((await judge(circle, 'google', options)).codes).not.toContain('dkim.alias-loop')
  })
})

describe('keys together', () => {
  const ed25519 = { TXT: [`v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 5).toString('base64')}`] }
  const other = { TXT: [`v=DKIM1; p=${fakeRsaKey(2056)}`] }

  it('an Ed25519 key beside an RSA key is right', async () => {
    const { codes } = await judge({ [at('fm1')]: ed25519, [at('fm2')]: other }, 'fastmail')
    expect(codes).toEqual([])
  })

  it('an Ed25519 key is not called alone while another name could not be asked', async () => {
    const options: ZoneOptions = { unavailable: call => (call.name === at('fm2') ? 'timeout' : null) }
    const { codes } = await judge({ [at('fm1')]: ed25519, [at('fm2')]: other }, 'fastmail', options)
    expect(codes).not.toContain('dkim.ed25519-alone')
  })

  it('two selectors with keys of their own are right', async () => {
    const { codes } = await judge(
      { [at('selector1')]: other, [at('selector2')]: { TXT: [goodKey] } },
      'microsoft365',
    )
    expect(codes).toEqual([])
  })

  it('one selector of Microsoft is told by its alias alone', async () => {
    const target = 'selector1-example-com._domainkey.tenant.onmicrosoft.com'
    const text = { [at('selector1')]: { CNAME: target }, [target]: other }
    expect((await judge(text, null)).codes).toEqual(['dkim.one-microsoft-selector'])
    const options: ZoneOptions = { unavailable: call => (call.name === at('selector2') ? 'timeout' : null) }
    expect((await judge(text, null, options)).codes).toEqual([])
  })

  it('selector1 of somebody else needs no second', async () => {
    expect((await judge({ [at('selector1')]: other }, null)).codes).toEqual([])
  })

  it('a withdrawn wildcard is no fault', async () => {
    const { codes } = await judge({
      [at('google')]: other,
      '*._domainkey.example.com': { TXT: ['v=DKIM1; p='] },
    })
    expect(codes).toEqual(['dkim.revoked'])
  })
})
