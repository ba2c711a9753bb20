import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { runAudit } from '#engine/domains/audit.ts'
import { planRecords } from '#engine/domains/plan.ts'
import { domainStatus } from '#engine/domains/verify.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { RecordPlan } from '#shared/model/record-plan.ts'
import { zone, type ZoneText } from '../../helpers/zone.ts'

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`

/** What exists beside the domain: its nameservers, and its mail provider's side. */
const world: ZoneText = {
  'example.com': { NS: ['ns1.example.net', 'ns2.example.net'] },
  'in1-smtp.messagingengine.com': { A: ['198.41.0.4'], AAAA: ['2001:503:ba3e::2:30'] },
  'in2-smtp.messagingengine.com': { A: ['198.41.0.5'], AAAA: ['2001:503:ba3e::2:31'] },
  'spf.messagingengine.com': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  '7.2.0.192.in-addr.arpa': { PTR: ['out.example.com'] },
  'out.example.com': { A: ['192.0.2.7'] },
  'spf.other.example': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  'fm1.example.com.dkim.fmhosted.com': { TXT: [key] },
  'fm2.example.com.dkim.fmhosted.com': { TXT: [key] },
  'fm3.example.com.dkim.fmhosted.com': { TXT: [key] },
}

async function audit(text: ZoneText, selectors: readonly string[] = []): Promise<AuditReport> {
  const { ask } = zone(text)
  const running = runAudit('example.com', { ask, queries: () => 0 }, () => 0, { selectors })
  for (;;) {
    const step = await running.next()
    if (step.done) return step.value
  }
}

function status(report: AuditReport) {
  return domainStatus({ status: 'pending', addedAt: 0 }, report, 1)
}

/** The zone once a person has done what the plan says. */
function publish(text: ZoneText, plan: RecordPlan): ZoneText {
  const result: Record<string, ZoneText[string]> = { ...text }
  for (const record of plan.records.filter(({ action }) => action === 'add' || action === 'replace')) {
    const before = result[record.name] ?? {}
    const gone = record.current?.split('\n') ?? []
    const value = record.value ?? ''
    if (record.type === 'CNAME') result[record.name] = { CNAME: value }
    if (record.type === 'TXT') {
      const others = (before.TXT ?? []).filter(
        txt => !gone.includes(typeof txt === 'string' ? txt : txt.join('')),
      )
      result[record.name] = { ...before, TXT: [...others, value] }
    }
    if (record.type === 'MX') {
      result[record.name] = { ...before, MX: [...(before.MX ?? []).filter(mx => !gone.includes(mx)), value] }
    }
  }
  return result
}

const beginnings: [string, ZoneText][] = [
  ['nothing', {}],
  ['SPF without the provider', { 'example.com': { TXT: ['v=spf1 include:spf.other.example -all'] } }],
  [
    'two SPF records',
    { 'example.com': { TXT: ['v=spf1 include:spf.other.example -all', 'v=spf1 ip4:192.0.2.7 ~all'] } },
  ],
  ['everybody may send', { 'example.com': { TXT: ['v=spf1 +all', 'site-verification=1'] } }],
  ['SPF in quotes', { 'example.com': { TXT: ['"v=spf1 include:spf.other.example -all"'] } }],
  [
    'a slip of the pen',
    { 'example.com': { TXT: ['v=spf1 include=spf.other.example ip4:2001:db8::/32 -all'] } },
  ],
  ['two DMARC records', { '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] } }],
  ['DMARC without a policy', { '_dmarc.example.com': { TXT: ['v=DMARC1; rua=mailto:a@example.com'] } }],
  [
    'DMARC in lower case',
    { '_dmarc.example.com': { TXT: ['v=dmarc1; p=reject; rua=mailto:a@example.com'] } },
  ],
  ['DMARC at the wrong name', { 'example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:a@example.com'] } }],
  ['MX that lead nowhere', { 'example.com': { MX: ['10 gone.example.com', '20 192.0.2.1'] } }],
  ['a key that is revoked', { 'fm1._domainkey.example.com': { TXT: ['v=DKIM1; p='] } }],
]

test.each(beginnings)(
  'from "%s", doing what the plan says leads to Verified, and a second plan keeps everything',
  async (_, text) => {
    const start: Record<string, ZoneText[string]> = { ...world }
    for (const [name, records] of Object.entries(text)) start[name] = { ...start[name], ...records }
    const before = await audit(start)
    expect(status(before)).toBe('pending')

    const first = planRecords({ domain: 'example.com', report: before, mailProvider: 'fastmail' })
    const after = await audit(publish(start, first))
    expect(after.findings.filter(({ severity }) => severity === 'critical' || severity === 'high')).toEqual(
      [],
    )
    expect(status(after)).toBe('verified')

    const second = planRecords({ domain: 'example.com', report: after, mailProvider: 'fastmail' })
    expect(second.incomplete).toBe(false)
    expect(second.records.map(({ name, action }) => [name, action])).toEqual(
      second.records.map(({ name }) => [name, 'keep']),
    )
  },
)

test('whatever is chosen, doing what the plan says leaves nothing severe', async () => {
  const ownKey = { selector: 'rk202611', record: key }
  const choices = fc.record({
    beginning: fc.constantFrom(...beginnings.map(([, text]) => text)),
    mailProvider: fc.constantFrom('fastmail', null),
    dnsProvider: fc.constantFrom(null, 'route53', 'godaddy'),
    spfInclude: fc.constantFrom(null, 'spf.other.example'),
    dmarcStep: fc.constantFrom(null, 'none' as const, 'quarantine' as const, 'reject' as const),
    mtaSts: fc.constantFrom(null, 'testing' as const, 'enforce' as const),
    tlsRpt: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(choices, async ({ beginning, ...chosen }) => {
      const start: Record<string, ZoneText[string]> = { ...world }
      for (const [name, records] of Object.entries(beginning)) start[name] = { ...start[name], ...records }
      const facts = { domain: 'example.com', ownKeys: [ownKey], ...chosen }
      const plan = planRecords({ ...facts, report: await audit(start, [ownKey.selector]) })
      const after = await audit(publish(start, plan), [ownKey.selector])
      const severe = after.findings.filter(({ severity }) => severity === 'critical' || severity === 'high')
      // What the plan can only point to the mail provider for stays open; with a known one nothing does.
      const open = plan.records.filter(({ action }) => action === 'provider').map(({ check }) => check)
      if (chosen.mailProvider !== null) expect(open).toEqual([])
      // Reports to the domain itself arrive as soon as it takes mail.
      const isOpen = ({ check, code }: (typeof severe)[number]) =>
        open.some(part => part === check || (part === 'mx' && code === 'dmarc.report-host-no-mail'))
      expect(severe.filter(finding => !isOpen(finding))).toEqual([])
      expect(after.dkim.selectors.find(({ selector }) => selector === ownKey.selector)?.verdict).not.toBe(
        'fail',
      )
      if (chosen.dmarcStep !== null) expect(after.dmarc.policy).toBe(chosen.dmarcStep)
    }),
    { numRuns: 60 },
  )
})
