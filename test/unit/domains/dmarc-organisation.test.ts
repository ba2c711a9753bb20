import { describe, expect, it } from 'vitest'
import { gatherDmarc, judgeDmarc } from '#engine/domains/checks/dmarc.ts'
import { organisationOf, walkWhole } from '#engine/domains/checks/dmarc-walk.ts'
import { zone, type ZoneOptions, type ZoneText } from '../../helpers/zone.ts'

const txt = (...TXT: string[]) => ({ TXT })
const rua = 'rua=mailto:a@example.com'
const own: ZoneText = { 'example.com': { MX: ['1 mx.example.com'] } }

async function judge(domain: string, text: ZoneText, options: ZoneOptions = {}) {
  const judged = judgeDmarc(await gatherDmarc(domain, zone({ ...own, ...text }, options).ask))
  return { ...judged, codes: judged.findings.map(entry => entry.code) }
}

const at = (text: string) => judge('example.com', { '_dmarc.example.com': txt(`${text}; ${rua}`) })

describe('the organisational domain', () => {
  it.each([
    ['has no record anywhere', 'a.example.com', {}, 'a.example.com'],
    [
      'has the record with the fewest labels',
      'a.mail.example.com',
      { '_dmarc.mail.example.com': 'v=DMARC1; p=none', '_dmarc.example.com': 'v=DMARC1; p=none' },
      'example.com',
    ],
    [
      'says psd=n',
      'a.mail.example.com',
      { '_dmarc.mail.example.com': 'v=DMARC1; p=none; psd=n', '_dmarc.example.com': 'v=DMARC1; p=none' },
      'mail.example.com',
    ],
    [
      'stands below psd=y, record or not',
      'a.mail.example.com',
      { '_dmarc.com': 'v=DMARC1; psd=y' },
      'example.com',
    ],
    ['is the suffix itself where the walk begins there', 'com', { '_dmarc.com': 'v=DMARC1; psd=y' }, 'com'],
    [
      'is found past the record of the domain itself',
      'mail.example.com',
      { '_dmarc.mail.example.com': 'v=DMARC1; p=none', '_dmarc.example.com': 'v=DMARC1; p=none' },
      'example.com',
    ],
  ])('%s', async (_, domain, records, expected) => {
    const world = zone(Object.fromEntries(Object.entries(records).map(([name, text]) => [name, txt(text)])))
    expect(organisationOf(domain, await walkWhole(domain, world.ask))).toBe(expected)
  })

  it.each([
    ['says psd=y: one label below it', 'v=DMARC1; p=reject; psd=y', 'example.com'],
    ['says nothing: the domain with the record', undefined, 'mail.example.com'],
  ])('above a record of the domain alone, where the suffix %s', async (_, suffix, organisation) => {
    const asked: string[] = []
    const text = {
      '_dmarc.mail.example.com': txt(`v=DMARC1; p=reject; ${rua}`),
      ...(suffix === undefined ? {} : { '_dmarc.com': txt(suffix) }),
    }
    const { result } = await judge('mail.example.com', text, {
      unavailable: call => (asked.push(call.name), null),
    })
    expect(result.organisationalDomain).toBe(organisation)
    expect(asked).toContain('_dmarc.com')
  })

  it('below a suffix that is told without it is found without asking the suffix', async () => {
    const asked: string[] = []
    const text = { '_dmarc.example.com': txt(`v=DMARC1; p=reject; ${rua}`) }
    const { result } = await judge('example.com', text, {
      unavailable: call => (asked.push(call.name), null),
    })
    expect(result.organisationalDomain).toBe('example.com')
    expect(asked).not.toContain('_dmarc.com')
  })

  it('is not known past a name that could not be looked up', async () => {
    const world = zone({ '_dmarc.com': { unavailable: 'timeout' } })
    expect(organisationOf('example.com', await walkWhole('example.com', world.ask))).toBeNull()
  })
})

describe('a domain that does not exist', () => {
  const text = { '_dmarc.example.com': txt(`v=DMARC1; p=quarantine; sp=none; np=reject; ${rua}`) }

  it('gets np, an existing one sp', async () => {
    expect((await judge('gone.example.com', text)).result.policy).toBe('reject')
    expect((await judge('here.example.com', { ...text, 'here.example.com': {} })).result.policy).toBe('none')
  })

  it('gets neither while it is not known whether it exists', async () => {
    const options: ZoneOptions = {
      unavailable: call => (call.name === 'gone.example.com' ? 'timeout' : null),
    }
    const { result, findings } = await judge('gone.example.com', text, options)
    expect(result).toMatchObject({ state: 'unavailable', verdict: 'unavailable', policy: null })
    expect(findings).toEqual([])
  })
})

describe('subdomains', () => {
  it('sp and np of a record below the organisation say nothing', async () => {
    const text = {
      '_dmarc.a.example.com': txt(`v=DMARC1; p=reject; sp=none; ${rua}`),
      '_dmarc.example.com': txt(`v=DMARC1; p=reject; ${rua}`),
    }
    expect((await judge('a.example.com', text)).codes).toEqual([])
    expect(
      (await judge('example.com', { '_dmarc.example.com': txt(`v=DMARC1; p=reject; sp=none; ${rua}`) }))
        .codes,
    ).toEqual(['dmarc.subdomain-policy-weaker', 'dmarc.np-advised'])
  })

  it('np=reject is advised where it would add something', async () => {
    expect((await at('v=DMARC1; p=quarantine')).codes).toContain('dmarc.np-advised')
    expect((await at('v=DMARC1; p=quarantine; np=reject')).codes).not.toContain('dmarc.np-advised')
    expect((await at('v=DMARC1; p=reject')).codes).toEqual([])
  })

  it('a record as strict as that of the organisation is left alone', async () => {
    const text = {
      '_dmarc.a.example.com': txt(`v=DMARC1; p=quarantine; ${rua}`),
      '_dmarc.example.com': txt(`v=DMARC1; p=reject; sp=quarantine; ${rua}`),
    }
    expect((await judge('a.example.com', text)).codes).not.toContain('dmarc.weaker-than-organisation')
  })
})
