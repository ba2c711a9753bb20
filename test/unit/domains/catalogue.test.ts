import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { rules } from '#engine/domains/checks/rules.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { type FindingCode, findingCodes } from '#shared/model/finding.ts'
import { auditOf, cleanZone } from '../../helpers/audit-zone.ts'
import { fullAround, fullZone } from '../../helpers/full-world.ts'
import { catalogueIds, withoutFinding } from '../../../src-main/cli/catalogue.ts'
import { cases } from './finding-cases.ts'

/* Every id of the catalogue: shown firing, shown silent where its check is made all the same, and written down. */

const document = readFileSync(new URL('../../../docs/checks.md', import.meta.url), 'utf8')
const catalogue = document.slice(document.indexOf('## Every id of the catalogue'))
const codesOf = (id: string): FindingCode[] => findingCodes.filter(code => rules[code].ids.includes(id))
const checkOf = (code: FindingCode) => code.slice(0, code.indexOf('.'))

/** Audits that find nothing wrong: of a domain that has everything, and of one that has what is required. */
let everything: AuditReport
let required: AuditReport
beforeAll(async () => {
  everything = (await auditOf(fullZone, 'example.com', {}, fullAround)).report
  required = (await auditOf(cleanZone)).report
})

describe.each(catalogueIds)('%s', id => {
  it('stands in docs/checks.md, with its findings or with the reason why it has none', () => {
    const line = catalogue.split('\n').find(text => text.startsWith(`| ${id} | `)) ?? ''
    const codes = codesOf(id)
    if (codes.length === 0) expect(line).toBe(`| ${id} | ${withoutFinding[id]} |`)
    else for (const code of codes) expect(line).toContain(`\`${code}\``)
  })

  it.each(codesOf(id))('%s fires in its own zone', async code => {
    const { zone, domain, around } = cases[code]
    const { report } = await auditOf(zone, domain, {}, around)
    expect(report.findings.map(finding => finding.code)).toContain(code)
  })

  it.each(codesOf(id))('%s is silent where its check finds everything right', code => {
    expect(everything.checks).toHaveProperty([checkOf(code)], { state: 'found', verdict: 'pass' })
    for (const { findings } of [everything, required])
      expect(findings.map(finding => finding.code)).not.toContain(code)
  })
})
