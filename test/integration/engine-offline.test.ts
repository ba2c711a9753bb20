import { afterEach, describe, expect, test } from 'vitest'
import type { Result } from '#shared/failure.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { FileAuditEvent } from '#shared/model/offline.ts'
import { diffReports } from '#shared/report-diff.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import { changed, cleanZone } from '../helpers/audit-zone.ts'
import { failureOf, readAudit, type TestEngine, testEngine, until, valueOf } from '../helpers/engine.ts'
import { testDns } from '../helpers/zone-resolver.ts'

let engine: TestEngine | null = null
afterEach(async () => {
  await engine?.stop()
  engine = null
})

const text = `
@ 60 SOA ns1 host 1 2 3 4 5
@ 60 MX 10 mail
mail 60 A 192.0.2.1
@ 60 TXT "v=spf1 mx -all"
`
const given = { text, fileName: 'sunny.example.zone', origin: null }
const bad = { ...given, text: `${text}oops 60 A 1.2.3\n` }

type FileAudit = AsyncIterator<FileAuditEvent, Result<null>, void>

async function readFileAudit(stream: FileAudit) {
  const events: FileAuditEvent[] = []
  for (;;) {
    const step = await stream.next()
    if (step.done) return { events, result: step.value, reports: reportsIn(events) }
    events.push(step.value)
  }
}

function reportsIn(events: readonly FileAuditEvent[]): AuditReport[] {
  return events.flatMap(event => (event.kind === 'audited' ? [event.report] : []))
}

async function open(zone = cleanZone) {
  engine = await testEngine({ dns: testDns(zone) })
  return engine
}

describe('zone files', () => {
  test('are told apart and listed before anything is audited', async () => {
    const { client } = await open()
    expect(valueOf(await client.offline.inspectZone(given))).toEqual({
      format: 'master',
      zones: ['sunny.example'],
      domains: ['sunny.example'],
      records: 4,
      others: [],
      problems: [],
      complete: true,
    })
    expect(valueOf(await client.offline.inspectZone(bad)).problems).toEqual([
      { line: 6, column: 11, reason: 'data-address', text: '1.2.3' },
    ])
    const named = await client.offline.inspectZone({ ...given, origin: 'not a name' })
    expect(failureOf(named).code).toBe('domain-has-space')
  })

  test('are audited without a question, and nothing is stored', async () => {
    const { client, dns } = await open()
    const { events, result, reports } = await readFileAudit(
      await client.offline.auditZone({ ...given, skipProblems: false }),
    )
    expect(result).toEqual({ ok: true, value: null })
    expect(events[0]).toEqual({ kind: 'opened', domains: ['sunny.example'], left: 0, savedAt: null })
    expect(reports).toMatchObject([
      { domain: 'sunny.example', queries: 0, spf: { verdict: 'pass' }, mx: { state: 'found' } },
    ])
    expect(dns.questions).toEqual([])
    expect(valueOf(await client.settings.networkLog())).toEqual([])
  })

  test('with mistakes are refused, unless the rest is asked for', async () => {
    const { client } = await open()
    const refused = await readFileAudit(await client.offline.auditZone({ ...bad, skipProblems: false }))
    expect(failureOf(refused.result)).toMatchObject({
      code: 'zone-problems',
      detail: { count: 1, line: 6, column: 11, complete: true },
    })
    const rest = await readFileAudit(await client.offline.auditZone({ ...bad, skipProblems: true }))
    expect(rest.reports.map(({ domain }) => domain)).toEqual(['sunny.example'])
    const prose = { ...given, text: 'not a zone\n'.repeat(400), skipProblems: true }
    expect(failureOf((await readFileAudit(await client.offline.auditZone(prose))).result)).toMatchObject({
      code: 'zone-problems',
      detail: { complete: false },
    })
  })

  test('with more domains than the window takes say how many are left', async () => {
    const { client } = await open()
    const many = Array.from({ length: 230 }, (_, index) => `d${index}.example. 60 SOA a. b. 1 2 3 4 5`).join(
      '\n',
    )
    const stream = await client.offline.auditZone({ ...given, text: many, skipProblems: false })
    expect((await stream.next()).value).toMatchObject({ kind: 'opened', left: 30 })
    await stream.return?.()
  })
})

describe('snapshots', () => {
  test('of stored reports open again as they were', async () => {
    const { client } = await open()
    const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
    const unchecked = valueOf(await client.domains.add({ input: 'never.example' }))
    expect(failureOf(await client.offline.exportSnapshot({ ids: [unchecked.id] })).code).toBe(
      'domain-not-found',
    )
    const report = valueOf((await readAudit(await client.domains.audit({ id }))).result)
    const saved = valueOf(await client.offline.exportSnapshot({ ids: [unchecked.id, id] }))
    expect(saved.fileName).toMatch(/^rookery-snapshot-\d{4}-\d\d-\d\d-\d{4}\.json$/)
    const again = await readFileAudit(await client.offline.openSnapshot({ text: saved.text }))
    expect(again.events[0]).toMatchObject({ kind: 'opened', domains: ['example.com'] })
    expect(JSON.stringify(again.reports)).toBe(JSON.stringify([report]))
  })

  test('of what the window holds, and what is none of ours is refused', async () => {
    const { client } = await open()
    const { reports } = await readFileAudit(await client.offline.auditZone({ ...given, skipProblems: false }))
    const saved = valueOf(await client.offline.sealSnapshot({ audits: reports.map(snapshotAuditOf) }))
    const again = await readFileAudit(await client.offline.openSnapshot({ text: saved.text }))
    expect(again.reports).toEqual(reports)
    const other = await readFileAudit(await client.offline.openSnapshot({ text: '{}' }))
    expect(failureOf(other.result).code).toBe('snapshot-unreadable')
  })
})

test('two stored reports can be set side by side', async () => {
  const { client, dns, clock } = await open()
  const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
  await readAudit(await client.domains.audit({ id }))
  clock.advance(60_000)
  dns.publish(changed({ '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.com'] } }))
  await readAudit(await client.domains.audit({ id }))
  await until(async () => valueOf(await client.domains.history({ id })).length === 2)
  const points = valueOf(await client.domains.history({ id }))
  const [before, after] = await Promise.all(
    points.map(async ({ at }) => valueOf(await client.offline.report({ id, at }))),
  )
  if (!before || !after) throw new Error('A report is missing.')
  expect(diffReports(before, after).map(({ kind }) => kind)).toContain('record-changed')
  expect(valueOf(await client.offline.report({ id, at: 1 }))).toBeNull()
  expect(failureOf(await client.offline.report({ id: 'nobody', at: 1 })).code).toBe('domain-not-found')
})
