import { describe, expect, it } from 'vitest'
import { replayAudit } from '#engine/domains/offline/replay.ts'
import { openSnapshot, sealSnapshot } from '#engine/domains/offline/snapshot.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { checkSentence } from '#shared/words/check-sentence.ts'
import { exitCodeOf } from '../../../src-main/cli/exit-code.ts'
import { auditOf, changed, cleanZone, goodKey } from '../../helpers/audit-zone.ts'
import { valueOf } from '../../helpers/engine.ts'
import type { ZoneOptions, ZoneText } from '../../helpers/zone.ts'

/** An audit that guesses no selectors. */
async function audited(text: ZoneText, selectors: readonly string[] = [], options: ZoneOptions = {}) {
  const { report, zone } = await auditOf(text, 'example.com', options, { selectors, guessSelectors: false })
  const asked = zone.calls.filter(({ name }) => name.includes('_domainkey')).map(({ name }) => name)
  const told = report.findings.filter(({ check }) => check === 'dkim').map(({ code }) => code)
  return { report, asked, told, row: report.rows.find(({ check }) => check === 'dkim') }
}

function exitCode(report: AuditReport): number {
  const target = { input: report.domain, name: report.domain, failure: null, place: null }
  return exitCodeOf({ kind: 'report', target, report })
}

const nobody = { mail: null, dns: null }
const keyless = changed({ 'google._domainkey.example.com': undefined })
const emptyBelow = changed({
  'google._domainkey.example.com': undefined,
  'other._domainkey.example.com': { TXT: [goodKey] },
})

describe('without a known selector', () => {
  it('DKIM is not looked at, and nothing is said of it', async () => {
    for (const text of [cleanZone, keyless]) {
      const { report, asked, told, row } = await audited(text)
      expect(asked).toEqual([])
      expect(told).toEqual([])
      expect(report.dkim).toEqual({ state: 'unavailable', verdict: 'unavailable', selectors: [], tried: 0 })
      expect(row).toMatchObject({ state: 'unavailable', reason: 'not-asked', verdict: 'unavailable' })
      expect(checkSentence(report, 'dkim', nobody)).toBe(
        'Not looked at: no selector is known, and none were to be guessed.',
      )
    }
  })

  it('the audit is complete all the same, and known otherwise as ever', async () => {
    const { report } = await audited(cleanZone)
    const guessing = await auditOf(cleanZone)
    expect(exitCode(report)).toBe(0)
    expect(report.score).toEqual(guessing.report.score)
    expect(report.reach.guessSelectors).toBe(false)
    expect(guessing.report.reach.guessSelectors).toBe(true)
  })

  it('is incomplete when something else could not be looked up', async () => {
    const { report } = await audited(cleanZone, [], {
      unavailable: ({ name }) => (name === '_dmarc.example.com' ? 'timeout' : null),
    })
    expect(exitCode(report)).toBe(3)
  })
})

describe('with known selectors', () => {
  it('looks at these alone', async () => {
    const { report, asked, told } = await audited(cleanZone, ['google'])
    expect(asked.toSorted()).toEqual([
      '_domainkey.example.com',
      'google._domainkey.example.com',
      'rookery-probe-no-such-selector._domainkey.example.com',
    ])
    expect(told).toEqual([])
    expect(report.dkim).toMatchObject({ state: 'found', verdict: 'pass', tried: 1 })
    expect(exitCode(report)).toBe(0)
  })

  it('says nothing is missing when they hold no key, since others may', async () => {
    const { report, told, row } = await audited(emptyBelow, ['google'])
    expect(told).toEqual([])
    expect(report.dkim).toMatchObject({ state: 'unavailable', selectors: [], tried: 1 })
    expect(row).toMatchObject({ state: 'unavailable', reason: 'not-asked' })
    expect(exitCode(report)).toBe(0)
    expect(checkSentence(report, 'dkim', nobody)).toBe(
      'No key found under 1 known name; others were not looked for.',
    )
    const guessing = await auditOf(emptyBelow)
    expect(guessing.report.findings.map(({ code }) => code)).toContain('dkim.none-found')
  })

  it('does not call an Ed25519 key the only one', async () => {
    const ed25519 = `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 9).toString('base64')}`
    const text = changed({ 'google._domainkey.example.com': { TXT: [ed25519] } })
    expect((await audited(text, ['google'])).told).toEqual([])
    expect((await auditOf(text)).report.findings.map(({ code }) => code)).toContain('dkim.ed25519-alone')
  })

  it('judges the keys they hold', async () => {
    const { told } = await audited(
      changed({ 'google._domainkey.example.com': { TXT: ['v=DKIM1; t=y; p=AAAA'] } }),
      ['google'],
    )
    expect(told).not.toEqual([])
  })

  it('is incomplete when one of them could not be asked', async () => {
    const { report, told, row } = await audited(cleanZone, ['google'], {
      unavailable: ({ name }) => (name.startsWith('google._domainkey') ? 'timeout' : null),
    })
    expect(told).toEqual([])
    expect(row).toMatchObject({ state: 'unavailable', reason: 'timeout' })
    expect(exitCode(report)).toBe(3)
  })
})

it('a snapshot gives the same report again', async () => {
  for (const selectors of [[], ['google']]) {
    const { report } = await audited(cleanZone, selectors)
    const text = sealSnapshot([snapshotAuditOf(report)], 1_000)
    const [audit] = valueOf(openSnapshot(text)).audits
    if (audit === undefined) throw new Error('The snapshot is empty.')
    expect(JSON.stringify(await replayAudit(audit))).toBe(JSON.stringify(report))
  }
})
