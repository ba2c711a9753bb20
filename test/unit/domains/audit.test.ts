import { describe, expect, it } from 'vitest'
import { runAudit } from '#engine/domains/audit.ts'
import { recordingSource } from '#engine/domains/source.ts'
import { auditEventSchema, auditReportSchema, type AuditReport, type AuditRow } from '#shared/model/audit.ts'
import { checksWithin } from '#shared/model/check-ids.ts'
import { checkIds, checkOrder } from '#shared/model/finding.ts'
import type { Ask } from '#shared/model/lookup.ts'
import { apex, auditOf, cleanZone } from '../../helpers/audit-zone.ts'
import { registry } from '#engine/domains/checks/registry.ts'
import { fullAround, fullZone } from '../../helpers/full-world.ts'
import { zone, type ZoneRecords } from '../../helpers/zone.ts'

const broken: Ask = () => Promise.reject(new Error('broken'))

/** The report without what may differ between two runs. */
function settled(report: AuditReport): AuditReport {
  return { ...report, tookMs: 0, raw: report.raw.map(answer => ({ ...answer, tookMs: 0 })) }
}

async function rowsOf(records: ZoneRecords): Promise<AuditRow[]> {
  return (await auditOf(apex(records))).report.rows
}

describe('the stream', () => {
  it('tells what it will check, then each check once, counted', async () => {
    const { events } = await auditOf(fullZone, 'example.com', {}, fullAround)
    const checks = registry.map(({ id }) => id)
    expect(checks.toSorted()).toEqual(checkIds.toSorted())
    expect(events[0]).toEqual({ kind: 'started', domain: 'example.com', checks })
    const checked = events.slice(1).map(event => (event.kind === 'checked' ? event : null))
    expect(checked.map(event => event?.done)).toEqual(checkIds.map((_, index) => index + 1))
    expect(new Set(checked.map(event => event?.check))).toEqual(new Set(checkIds))
    for (const event of events) expect(auditEventSchema.parse(event)).toEqual(event)
  })

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('makes the checks that are told beforehand: nameservers %s, mail servers %s', async (direct, smtp) => {
    const { servers = {}, mail = {}, ...others } = fullAround
    const around = { ...others, ...(direct ? { servers } : {}), ...(smtp ? { mail } : {}) }
    const { events } = await auditOf(fullZone, 'example.com', {}, around)
    const [started] = events
    if (started?.kind !== 'started') throw new Error('The audit did not tell that it started.')
    expect(started.checks.toSorted()).toEqual(checksWithin({ direct, smtp }).toSorted())
  })

  it('tells nothing on the way when nobody watches, and comes to the same report', async () => {
    const world = zone(cleanZone)
    const audit = runAudit('example.com', { ask: world.ask, queries: () => 0 }, () => 0, { isWatched: false })
    expect((await audit.next()).value).toMatchObject({ kind: 'started' })
    const { done, value } = await audit.next()
    if (done !== true) throw new Error('The audit told of a check.')
    const watched = runAudit('example.com', { ask: world.ask, queries: () => 0 }, () => 0)
    let step = await watched.next()
    while (step.done !== true) step = await watched.next()
    expect(settled(value)).toEqual(settled(step.value))
  })

  it('a slow check holds up no other', async () => {
    const world = zone(cleanZone)
    const opens: (() => void)[] = []
    const gate = new Promise<void>(resolve => {
      opens.push(resolve)
    })
    const ask: Ask = async (name, type) => {
      if (name === '_spf.google.com') await gate
      return world.ask(name, type)
    }
    const audit = runAudit('example.com', { ask, queries: () => 0 }, () => 0)
    const seen: string[] = []
    for (let index = 0; index < 15; index += 1) {
      const step = await audit.next()
      if (!step.done && step.value.kind === 'checked') seen.push(step.value.check)
    }
    // The names of sending addresses are known only once SPF is.
    expect(seen.toSorted()).toEqual(
      checkIds.filter(id => !['spf', 'ptr', 'views', 'tls'].includes(id)).toSorted(),
    )
    for (const open of opens) open()
    expect((await audit.next()).value).toMatchObject({ kind: 'checked', check: 'spf', done: 15 })
    expect((await audit.next()).value).toMatchObject({ kind: 'checked', check: 'ptr', done: 16 })
    expect((await audit.next()).done).toBe(true)
  })

  it('asks nothing before it has told that it started', async () => {
    const world = zone(cleanZone)
    const audit = runAudit('example.com', { ask: world.ask, queries: () => 0 }, () => 0)
    await audit.next()
    expect(world.calls).toEqual([])
    await audit.return(undefined as never)
  })

  it('a fault in the source is thrown to the reader', async () => {
    const audit = runAudit('example.com', { ask: broken, queries: () => 0 }, () => 0)
    await audit.next()
    await expect(audit.next()).rejects.toThrow('broken')
  })
})

describe('the report', () => {
  it('has the shape of the contract', async () => {
    const { report } = await auditOf(cleanZone)
    expect(auditReportSchema.parse(report)).toEqual(report)
    expect(report).toMatchObject({ domain: 'example.com', startedAt: 1_000 })
    const more = checkOrder.slice(5).filter(id => id !== 'views' && id !== 'tls')
    expect(report.rows.map(row => row.id)).toEqual(['spf', 'dkim:google', 'dmarc', 'mx', 'ns', ...more])
  })

  it('is the same for the same answers, whatever order they come in', async () => {
    const { report } = await auditOf(
      apex({ TXT: ['v=spf1 a mx include:_spf.google.com include:gone.example ?all'] }),
    )
    const world = zone(apex({ TXT: ['v=spf1 a mx include:_spf.google.com include:gone.example ?all'] }))
    for (const delays of [3, 5, 7]) {
      let asked = 0
      const ask: Ask = async (name, type) => {
        asked += 1
        const answer = await world.ask(name, type)
        for (let turn = (asked * delays) % 11; turn > 0; turn -= 1) await Promise.resolve()
        if (answer.state !== 'found') return answer
        return { ...answer, values: answer.values.toReversed() }
      }
      const audit = runAudit('example.com', { ask, queries: () => asked }, () => 1_000)
      let step = await audit.next()
      while (!step.done) step = await audit.next()
      expect(settled(step.value)).toEqual({ ...settled(report), queries: step.value.queries })
    }
  })

  it('keeps every question once, with its answer', async () => {
    const { report, zone: world } = await auditOf(cleanZone)
    const keys = world.calls.map(call => `${call.type} ${call.name}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(report.raw.filter(({ optional }) => !optional).map(({ type }) => type)).not.toContain('CAA')
    expect(report.raw.find(({ type }) => type === 'CAA')?.optional).toBe(true)
    expect(report.raw.map(answer => `${answer.type} ${answer.name}`).toSorted()).toEqual(keys.toSorted())
    expect(report.raw.find(answer => answer.type === 'MX')).toMatchObject({
      name: 'example.com',
      state: 'found',
      reason: null,
      values: ['1 smtp.google.com'],
      ttlS: 300,
    })
  })

  it('says what should stand there', async () => {
    const clean = await rowsOf({})
    expect(clean.find(row => row.id === 'spf')?.expected).toBe('v=spf1 include:_spf.google.com -all')
    expect(clean.find(row => row.id === 'dmarc')?.expected).toBe(
      clean.find(row => row.id === 'dmarc')?.found[0],
    )
    const missing = await rowsOf({ TXT: ['unrelated'] })
    expect(missing.find(row => row.id === 'spf')?.expected).toContain('include:_spf.google.com')
  })

  it('expects nothing where the published record could not be read to its end', async () => {
    const { report } = await auditOf(apex({ TXT: ['v=spf1 include:x.example -all'] }), 'example.com', {
      unavailable: call => (call.name === 'x.example' ? 'timeout' : null),
    })
    expect(report.rows.find(row => row.id === 'spf')?.expected).toBeNull()
  })
})

async function checksOf(more: readonly ('dnssec' | 'web')[]): Promise<string[]> {
  const { report } = await auditOf(fullZone, 'example.com', {}, { ...fullAround, more })
  return Object.keys(report.checks)
}

describe('the registry', () => {
  it('has every check once, each behind those it needs', () => {
    const ids = registry.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(checkIds.toSorted())
    for (const [place, { id, needs }] of registry.entries()) {
      for (const needed of needs) expect(ids.slice(0, place), `${id} needs ${needed}`).toContain(needed)
    }
  })

  it('makes only the chosen checks beside the required ones, and what those rest on', async () => {
    const required = ['ns', 'mx', 'spf', 'dmarc', 'dkim']
    expect(await checksOf([])).toEqual(required)
    expect(await checksOf(['web'])).toEqual([...required, 'web'])
    expect(await checksOf(['dnssec'])).toEqual([...required, 'zone', 'dnssec'])
  })

  it('leaves out what the source cannot reach', async () => {
    const { report } = await auditOf(fullZone)
    expect(Object.keys(report.checks)).not.toContain('views')
    expect(Object.keys(report.checks)).not.toContain('tls')
    expect(report.checks['mta-sts']).toEqual({ state: 'found', verdict: 'unavailable' })
    expect(report.rows.find(({ check }) => check === 'mta-sts')?.reason).toBe('not-asked')
  })
})

describe('recordingSource', () => {
  it('asks equal questions once, without regard to case or a trailing dot', async () => {
    const world = zone({ 'a.example': { A: ['192.0.2.1'] } })
    const source = recordingSource({ ask: world.ask, queries: () => world.calls.length })
    const answers = await Promise.all([
      source.ask('a.example', 'A'),
      source.ask('A.Example.', 'A'),
      source.ask('a.example', 'MX'),
    ])
    expect(answers[0]).toBe(answers[1])
    expect(source.queries()).toBe(2)
    expect(source.answers().map(answer => answer.type)).toEqual(['A', 'MX'])
  })

  it('keeps no more than 1,000 answers', async () => {
    const world = zone({})
    const source = recordingSource({ ask: world.ask, queries: () => 0 })
    for (let index = 0; index < 1_200; index += 1) await source.ask(`n${index}.example`, 'A')
    expect(source.answers()).toHaveLength(1_000)
  })
})
