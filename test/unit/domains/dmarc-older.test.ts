import { describe, expect, it } from 'vitest'
import { gatherDmarc, judgeDmarc } from '#engine/domains/checks/dmarc.ts'
import { zone, type ZoneOptions, type ZoneText } from '../../helpers/zone.ts'

const txt = (...TXT: string[]) => ({ TXT })
const rua = 'rua=mailto:a@example.com'

async function older(domain: string, text: ZoneText, options: ZoneOptions = {}) {
  return judgeDmarc(await gatherDmarc(domain, zone(text, options).ask)).result.older
}
const at = (record: string) => older('example.com', { '_dmarc.example.com': txt(record) })

describe('an older receiver', () => {
  it('does the same with a plain record', async () => {
    expect(await at(`v=DMARC1; p=reject; sp=quarantine; ${rua}`)).toEqual({
      policy: 'reject',
      organisationalDomain: 'example.com',
      foundAt: '_dmarc.example.com',
      percentage: 100,
      differences: [],
    })
  })

  it.each([
    [`v=DMARC1; p=reject; pct=20; ${rua}`, { percentage: 20, differences: ['percentage'] }],
    [`v=DMARC1; p=reject; pct=100; ${rua}`, { percentage: 100, differences: [] }],
    [`v=DMARC1; p=none; pct=20; ${rua}`, { percentage: 20, differences: [] }],
    [`v=DMARC1; p=reject; t=y; ${rua}`, { policy: 'reject', differences: ['test-mode'] }],
    [`v=DMARC1; p=none; np=reject; ${rua}`, { differences: ['missing-subdomains'] }],
    [`v=DMARC1; ${rua}; p=reject`, { policy: 'reject', differences: ['policy-not-second'] }],
    [`v=DMARC1; p=reject; ${rua}!10m`, { differences: ['report-size'] }],
    // An unknown np takes the policy away from newer receivers only.
    [`v=DMARC1; p=reject; np=maybe; ${rua}`, { policy: 'reject', differences: ['policy'] }],
    [`v=DMARC1; p=reject; sp=maybe; ${rua}`, { policy: 'none', differences: [] }],
  ])('%s', async (record, expected) => {
    expect(await at(record)).toMatchObject(expected)
  })

  it('knows no public suffix with a policy', async () => {
    const found = await older('example.bank', { '_dmarc.bank': txt(`v=DMARC1; p=reject; psd=y; ${rua}`) })
    expect(found).toMatchObject({ policy: null, foundAt: null, differences: ['record', 'policy'] })
  })

  it('passes over a record between the domain and the registered name', async () => {
    const text = {
      'a.b.example.com': {},
      '_dmarc.b.example.com': txt(`v=DMARC1; p=none; psd=n; ${rua}`),
      '_dmarc.example.com': txt(`v=DMARC1; p=reject; ${rua}`),
    }
    expect(await older('a.b.example.com', text)).toEqual({
      policy: 'reject',
      organisationalDomain: 'example.com',
      foundAt: '_dmarc.example.com',
      percentage: 100,
      differences: ['organisational-domain', 'record', 'policy'],
    })
  })

  it('is not told of while its record could not be looked up', async () => {
    const text = { 'a.b.example.com': {}, '_dmarc.b.example.com': txt(`v=DMARC1; p=none; psd=n; ${rua}`) }
    const options: ZoneOptions = {
      unavailable: call => (call.name === '_dmarc.example.com' ? 'timeout' : null),
    }
    expect(await older('a.b.example.com', text, options)).toBeNull()
  })
})
