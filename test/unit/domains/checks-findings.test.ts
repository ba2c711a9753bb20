import { describe, expect, it } from 'vitest'
import { rules } from '#engine/domains/checks/rules.ts'
import { checkStateOf } from '#shared/model/check-state.ts'
import { checkIds, findingCodes } from '#shared/model/finding.ts'
import { auditOf, cleanZone } from '../../helpers/audit-zone.ts'
import { fullAround, fullZone } from '../../helpers/full-world.ts'
import { cases } from './finding-cases.ts'

describe('findings', () => {
  it('a clean domain has none', async () => {
    const { report } = await auditOf(cleanZone)
    expect(report.findings).toEqual([])
    expect(report.score).toEqual({ state: 'known', value: 100, lost: [] })
    for (const check of ['ns', 'mx', 'spf', 'dmarc', 'dkim'] as const) {
      expect(report[check]).toMatchObject({ state: 'found', verdict: 'pass' })
    }
  })

  it('a domain that has everything, all of it right, has none', async () => {
    const { report } = await auditOf(fullZone, 'example.com', {}, fullAround)
    expect(report.findings).toEqual([])
    const states = Object.fromEntries(checkIds.map(check => [check, { state: 'found', verdict: 'pass' }]))
    expect(report.checks).toEqual(states)
    expect(report.views.map(({ row, state }) => [row, state])).toEqual([
      ['spf', 'same'],
      ['dkim:google', 'same'],
      ['dmarc', 'same'],
      ['mx', 'same'],
    ])
  })

  it.each(findingCodes)('%s', async code => {
    const { zone, domain, around, facts = {}, severity = rules[code].severity } = cases[code]
    const { report } = await auditOf(zone, domain, {}, around)
    const told = report.findings.find(entry => entry.code === code)
    expect(told).toMatchObject({ code, severity, facts, rfc: rules[code].rfc, check: code.split('.')[0] })
    expect(Object.keys(told?.facts ?? {})).toEqual(expect.arrayContaining([...rules[code].facts]))
    const verdict = checkStateOf(report, told?.check ?? 'ns')?.verdict
    if (severity === 'critical' || severity === 'high') expect(verdict).toBe('fail')
    else if (severity === 'medium') expect(['warn', 'fail']).toContain(verdict)
    expect(report.rows.flatMap(row => row.codes)).toContain(code)
  })

  it('stand worst first, then by check', async () => {
    const { report } = await auditOf({ 'example.com': { TXT: ['v=spf1 +all'] } })
    expect(report.findings.map(entry => [entry.severity, entry.check])).toEqual([
      ['critical', 'spf'],
      ['critical', 'mx'],
      ['high', 'dkim'],
      ['high', 'dmarc'],
      ['low', 'web'],
      ['info', 'ns'],
    ])
  })
})
