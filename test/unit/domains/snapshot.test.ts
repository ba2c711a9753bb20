import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replayAudit } from '#engine/domains/offline/replay.ts'
import { openSnapshot, sealSnapshot } from '#engine/domains/offline/snapshot.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import { unavailableReasons } from '#shared/model/lookup.ts'
import type { SnapshotAnswer } from '#shared/model/snapshot.ts'
import { auditOf, changed, cleanZone, goodKey } from '../../helpers/audit-zone.ts'
import { valueOf } from '../../helpers/engine.ts'
import { fullAround, fullZone } from '../../helpers/full-world.ts'

const savedAt = 1_795_355_491_768

function isOfOthers(answer: SnapshotAnswer): boolean {
  return answer.kind !== 'dns' || answer.name !== 'example.com'
}

async function sealed(domain = 'example.com') {
  const { report } = await auditOf(cleanZone, domain)
  return { report, text: sealSnapshot([snapshotAuditOf(report)], savedAt) }
}

describe('a snapshot', () => {
  it('gives the same report again, byte for byte', async () => {
    const { report, text } = await sealed()
    const { audits, savedAt: at } = valueOf(openSnapshot(text))
    expect(at).toBe(savedAt)
    const [audit] = audits
    if (audit === undefined) throw new Error('The snapshot is empty.')
    expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
  })

  it('does so with what nameservers, pages and mail servers said, and without what was not looked at', async () => {
    const arounds = [
      fullAround,
      { ...fullAround, more: ['dane', 'views'] as const },
      { servers: {}, pages: {}, mail: {} },
      { trackingHost: 'track.example.com' },
      {
        ...fullAround,
        servers: { ...fullAround.servers, '198.100.11.53': 'refuses' as const },
        unreachable: (what: string) => (what.startsWith('https') ? ('timeout' as const) : null),
      },
    ]
    for (const around of arounds) {
      const { report } = await auditOf(fullZone, 'example.com', {}, around)
      const text = sealSnapshot([snapshotAuditOf(report)], savedAt)
      const [audit] = valueOf(openSnapshot(text)).audits
      if (audit === undefined) throw new Error('The snapshot is empty.')
      expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
    }
  })

  it('does so whatever could not be looked up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.constantFrom(null, null, ...unavailableReasons)), async ends => {
        const odd = changed({
          'example.com': { ...cleanZone['example.com'], TXT: [['v=spf1 ', 'mx -all'], 'caf\u00e9 "quoted"'] },
          'alias._domainkey.example.com': { CNAME: 'gone.example.net' },
        })
        const { report } = await auditOf(odd, 'example.com', { unavailable: () => ends.next().value ?? null })
        const text = sealSnapshot([snapshotAuditOf(report)], savedAt)
        const [audit] = valueOf(openSnapshot(text)).audits
        if (audit === undefined) throw new Error('The snapshot is empty.')
        expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
      }),
      { numRuns: 60 },
    )
  })

  it('of an audit that knew its selectors asks for those again, and guesses no others', async () => {
    const world = changed({
      'google._domainkey.example.com': undefined,
      'rk202611._domainkey.example.com': { TXT: [goodKey] },
    })
    const { report } = await auditOf(world, 'example.com', {}, { selectors: ['rk202611'] })
    expect(report.dkim.selectors.map(({ selector }) => selector)).toEqual(['rk202611'])
    const [audit] = valueOf(openSnapshot(sealSnapshot([snapshotAuditOf(report)], savedAt))).audits
    if (audit === undefined) throw new Error('The snapshot is empty.')
    expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
  })

  it('of an audit that knew reports finds the same in them, whatever reports there are now', async () => {
    const zone = changed({ '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:a@example.com'] } })
    const dmarcEvidence = {
      days: 30,
      messages: 400,
      aligned: 400,
      otherSources: 2,
      otherMessages: 9,
      ageDays: 1,
    }
    const { report } = await auditOf(zone, 'example.com', {}, { dmarcEvidence })
    expect(report.findings.map(({ code }) => code)).toContain('dmarc.can-enforce')
    const [audit] = valueOf(openSnapshot(sealSnapshot([snapshotAuditOf(report)], savedAt))).audits
    if (audit === undefined) throw new Error('The snapshot is empty.')
    expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
  })

  it('from before audits told how far they reach opens, and makes the checks it was made of', async () => {
    const { report } = await auditOf(cleanZone, 'example.com', {}, { more: [] })
    const { reach: _reach, more: _more, ...older } = snapshotAuditOf(report)
    const [audit] = valueOf(openSnapshot(sealSnapshot([older], savedAt))).audits
    if (audit === undefined) throw new Error('The snapshot is empty.')
    expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
  })

  it('says of a question that was not asked that it was not, and not that there is nothing', async () => {
    const { report } = await sealed()
    const audit = snapshotAuditOf(report)
    const without = { ...audit, answers: audit.answers.filter(isOfOthers) }
    const replayed = await replayAudit(without)
    expect(replayed.spf).toMatchObject({ state: 'unavailable', verdict: 'unavailable' })
    expect(replayed.findings).toEqual([])
  })

  it('may be laid out anew, but not changed', async () => {
    const { text } = await sealed()
    expect(openSnapshot(JSON.stringify(JSON.parse(text), null, 2)).ok).toBe(true)
    expect(openSnapshot(`\uFEFF${text}`).ok).toBe(true)
    expect(openSnapshot(text.replace('p=reject', 'p=none'))).toMatchObject({
      ok: false,
      failure: { code: 'snapshot-damaged', detail: { reason: 'checksum' } },
    })
    expect(openSnapshot(text.replace(/"savedAt":\d+/, '"savedAt":1'))).toMatchObject({
      failure: { code: 'snapshot-damaged' },
    })
    expect(openSnapshot(text.replace(/"checksum":"[^"]*"/, '"checksum":null'))).toMatchObject({
      failure: { code: 'snapshot-damaged' },
    })
  })

  it('of another version is refused with both versions', async () => {
    const { text } = await sealed()
    expect(openSnapshot(text.replace('"version":1', '"version":2'))).toEqual({
      ok: false,
      failure: { code: 'snapshot-version', retry: 'never', detail: { found: '2', known: 1 } },
    })
  })

  it.each(['', 'not json', '[]', 'null', '{}', '{"format":"other"}', '{"format":"rookery-snap'])(
    'is not %j',
    text => {
      expect(openSnapshot(text)).toMatchObject({ failure: { code: 'snapshot-unreadable' } })
    },
  )

  it('with a right checksum over a wrong shape is damaged, and says where', async () => {
    const { report } = await sealed()
    const audit = snapshotAuditOf(report)
    const found = audit.answers.find(answer => answer.kind === 'dns' && answer.state === 'found')
    if (found?.kind !== 'dns') throw new Error('Nothing was found.')
    const wrong = [
      { ...found, data: [{ strings: 'not a list' }] },
      { ...found, data: [] },
      { ...found, reason: 'nxdomain' as const },
      { ...found, ttlS: null },
      { ...found, state: 'absent' as const, data: [], reason: 'timeout' as const },
      { ...found, type: 'NAPTR' },
    ]
    for (const answer of wrong) {
      const text = sealSnapshot([{ ...audit, answers: [answer as typeof found] }], savedAt)
      expect(openSnapshot(text)).toMatchObject({
        failure: { code: 'snapshot-damaged', detail: { reason: 'shape' } },
      })
    }
  })
})
