import { describe, expect, it } from 'vitest'
import { rules } from '#engine/domains/checks/rules.ts'
import { checkShare, scoreOf } from '#engine/domains/score.ts'
import type { Score } from '#shared/model/audit.ts'
import { apex, auditOf, changed, cleanZone } from '../../helpers/audit-zone.ts'
import type { ZoneText } from '../../helpers/zone.ts'

async function scoreFor(text: ZoneText): Promise<Score> {
  return (await auditOf(text)).report.score
}
async function valueFor(text: ZoneText): Promise<number> {
  const score = await scoreFor(text)
  return score.state === 'known' ? score.value : Number.NaN
}

const noPolicy = { '_dmarc.example.com': undefined }

describe('scoreOf', () => {
  it('all right is 100', async () => {
    expect(await valueFor(cleanZone)).toBe(100)
  })

  it('without SPF and DMARC a domain is red, whatever else is right', async () => {
    expect(
      await valueFor(changed({ ...noPolicy, 'example.com': { ...cleanZone['example.com'], TXT: [] } })),
    ).toBeLessThan(70)
  })

  it('a domain with nothing is far down, and not below 0', async () => {
    const value = await valueFor({ 'example.com': {} })
    expect(value).toBeLessThanOrEqual(20)
    expect(value).toBeGreaterThanOrEqual(0)
  })

  it('worse records cost more', async () => {
    const spf = (text: string) => valueFor(apex({ TXT: [text] }))
    const [open, neutral, strict] = await Promise.all([
      spf('v=spf1 mx +all'),
      spf('v=spf1 mx ?all'),
      spf('v=spf1 mx -all'),
    ])
    expect(open).toBeLessThan(neutral)
    expect(neutral).toBeLessThan(strict)
    const dmarc = (text: string) =>
      valueFor(changed({ '_dmarc.example.com': { TXT: [`${text}; rua=mailto:a@example.com`] } }))
    const [none, quarantine] = await Promise.all([dmarc('v=DMARC1; p=none'), dmarc('v=DMARC1; p=quarantine')])
    expect(await valueFor(changed(noPolicy))).toBeLessThan(none)
    expect(none).toBeLessThan(quarantine)
  })

  it('each point has its reason', async () => {
    const score = await scoreFor({ 'example.com': { TXT: ['v=spf1 ptr ?all', 'v=spf1; x'] } })
    if (score.state !== 'known') throw new Error('unknown')
    expect(100 - score.lost.reduce((sum, part) => sum + part.points, 0)).toBe(score.value)
    for (const part of score.lost) expect(part.points).toBeGreaterThan(0)
    expect(score.lost.map(part => part.points)).toEqual(
      score.lost.map(part => part.points).toSorted((a, b) => b - a),
    )
  })

  it('no check loses more than its share, and all of them no more than there is to lose', async () => {
    const { report } = await auditOf(cleanZone)
    const findings = Object.keys(rules).map(code => ({ ...report, code }))
    const all = findings.map(({ code }) => ({
      code,
      severity: 'high',
      check: code.split('.')[0],
      facts: {},
      rfc: '',
    }))
    const score = scoreOf({ ...report, findings: all as never })
    if (score.state !== 'known') throw new Error('unknown')
    for (const [check, share] of Object.entries(checkShare)) {
      const points = score.lost
        .filter(part => part.check === check)
        .reduce((sum, part) => sum + part.points, 0)
      expect(points).toBeLessThanOrEqual(share)
    }
    expect(score.value).toBe(0)
  })

  it('the same finding about two names costs once', async () => {
    const one = await valueFor(apex({ MX: ['1 a.gone.example'] }))
    expect(await valueFor(apex({ MX: ['1 a.gone.example', '2 b.gone.example'] }))).toBe(one)
  })

  it('DKIM and NS that could not be looked up leave it known', async () => {
    const { report } = await auditOf(cleanZone, 'example.com', {
      unavailable: call => (call.type === 'NS' || call.name.includes('_domainkey') ? 'timeout' : null),
    })
    expect(report.dkim.verdict).toBe('unavailable')
    expect(report.score).toMatchObject({ state: 'known' })
  })
})
