import { describe, expect, it } from 'vitest'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { auditOf, changed } from '../../helpers/audit-zone.ts'
import { enoughEvidence as enough } from '../../helpers/dmarc-reports.ts'

async function readiness(record: string, evidence: DmarcEvidence | null, domain = 'example.com') {
  const zone = changed({ '_dmarc.example.com': { TXT: [record] }, 'news.example.com': {} })
  const { report } = await auditOf(zone, domain, {}, { dmarcEvidence: evidence })
  expect(report.reach.dmarcEvidence).toEqual(evidence)
  return report.findings.find(({ code }) => code === 'dmarc.can-enforce') ?? null
}

describe('the next step of a policy, when every message passes', () => {
  it.each([
    ['p=none; rua=mailto:a@example.com', 'quarantine-testing', 'p=quarantine; t=y; rua=mailto:a@example.com'],
    ['p=quarantine; t=y; sp=none', 'quarantine', 'p=quarantine; sp=none'],
    ['p=quarantine; adkim=s', 'reject', 'p=reject; adkim=s'],
    ['p=reject; t=y', 'reject', 'p=reject'],
  ])('after %s', async (record, next, expected) => {
    const found = await readiness(`v=DMARC1; ${record}`, enough)
    expect(found).toMatchObject({ severity: 'info', facts: { next, days: 30, messages: 400 } })
    expect(found?.facts['expected']).toBe(`v=DMARC1; ${expected}`)
  })

  it('is said in spite of what others forge, which is told beside', async () => {
    const forged = { ...enough, otherSources: 3, otherMessages: 90_000 }
    const found = await readiness('v=DMARC1; p=none; rua=mailto:a@example.com', forged)
    expect(found?.facts).toMatchObject({ otherSources: 3, otherMessages: 90_000 })
    if (found === null) return
    const { title, fix } = describeFinding(found)
    expect(title).toBe('All your mail in the reports of 30 days passes DMARC: the policy can be raised.')
    expect(fix).toContain('90000 messages from 3 addresses never passed as you')
  })

  it('is said when a few of its own did not pass, with the share', async () => {
    const found = await readiness('v=DMARC1; p=none; rua=mailto:a@example.com', { ...enough, aligned: 392 })
    expect(found && describeFinding(found).title).toContain('98.0 % of your mail')
  })

  it('changes neither the verdict nor the score', async () => {
    const zone = changed({
      '_dmarc.example.com': { TXT: ['v=DMARC1; p=quarantine; rua=mailto:a@example.com'] },
    })
    const without = await auditOf(zone)
    const judged = await auditOf(zone, 'example.com', {}, { dmarcEvidence: enough })
    expect(judged.report.findings.length).toBe(without.report.findings.length + 1)
    expect([judged.report.score, judged.report.dmarc]).toEqual([without.report.score, without.report.dmarc])
  })
})

describe('nothing is said', () => {
  it.each<[string, DmarcEvidence | null]>([
    ['without reports', null],
    ['of reports of less than four weeks', { ...enough, days: 27 }],
    ['of fewer than 50 messages', { ...enough, messages: 49, aligned: 49 }],
    ['when more than one message in fifty of its own did not pass', { ...enough, aligned: 391 }],
    ['of reports that stopped a week ago', { ...enough, ageDays: 8 }],
  ])('%s', async (_, evidence) => {
    expect(await readiness('v=DMARC1; p=none; rua=mailto:a@example.com', evidence)).toBeNull()
  })

  it.each([
    ['of a policy that is at its end', 'v=DMARC1; p=reject'],
    ['of a record with mistakes', 'v=DMARC1; p=none; sp=strict; rua=mailto:a@example.com'],
    ['of a record without a policy', 'v=DMARC1; rua=mailto:a@example.com'],
  ])('%s', async (_, record) => {
    expect(await readiness(record, enough)).toBeNull()
  })

  it('of a policy that stands above the domain', async () => {
    expect(
      await readiness('v=DMARC1; p=none; rua=mailto:a@example.com', enough, 'news.example.com'),
    ).toBeNull()
  })
})
