import { describe, expect, it } from 'vitest'
import type { AuditReport } from '#shared/model/audit.ts'
import { type ReportChange, diffReports } from '#shared/report-diff.ts'
import { changeSentence, changeTone } from '#shared/words/report-changes.ts'
import { auditOf, apex, changed, cleanZone, goodKey } from '../helpers/audit-zone.ts'
import type { ZoneText } from '../helpers/zone.ts'

const reportOf = async (zone: ZoneText, off?: (name: string) => boolean): Promise<AuditReport> =>
  (await auditOf(zone, 'example.com', { unavailable: ({ name }) => (off?.(name) ? 'timeout' : null) })).report

const kindsOf = (changes: readonly ReportChange[]) =>
  changes.map(change =>
    'row' in change
      ? `${change.kind} ${change.row}`
      : 'finding' in change
        ? `${change.kind} ${change.finding.code}`
        : change.kind === 'finding-changed'
          ? `${change.kind} ${change.after.code}`
          : change.kind === 'verdict'
            ? `verdict ${change.check} ${change.before} ${change.after}`
            : change.kind,
  )

const clean = await reportOf(cleanZone)

async function changesTo(zone: ZoneText, off?: (name: string) => boolean) {
  return kindsOf(diffReports(clean, await reportOf(zone, off)))
}

describe('what changed', () => {
  it('is nothing between two looks at the same records', async () => {
    expect(await changesTo(cleanZone)).toEqual([])
  })

  it('a weaker policy: the record, the verdict, the score, the finding', async () => {
    const weaker = changed({
      '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.com'] },
    })
    expect(await changesTo(weaker)).toEqual([
      'score',
      'verdict dmarc pass warn',
      'record-changed dmarc',
      'finding-new dmarc.policy-none',
      'finding-new dmarc.np-advised',
    ])
  })

  it('a record that vanished, and the way back', async () => {
    const without = await reportOf(changed({ '_dmarc.example.com': undefined }))
    expect(kindsOf(diffReports(clean, without))).toEqual([
      'score',
      'verdict dmarc pass fail',
      'record-removed dmarc',
      'finding-new dmarc.missing',
    ])
    expect(kindsOf(diffReports(without, clean))).toEqual([
      'score',
      'verdict dmarc fail pass',
      'record-added dmarc',
      'finding-gone dmarc.missing',
    ])
  })

  it('a selector that came and one that went', async () => {
    const rotated = changed({
      'google._domainkey.example.com': undefined,
      'default._domainkey.example.com': { TXT: [goodKey] },
    })
    expect(await changesTo(rotated)).toEqual(['record-added dkim:default', 'record-removed dkim:google'])
  })

  it('the same finding with other evidence is a changed one', async () => {
    const with11 = await reportOf(apex({ TXT: [`v=spf1 ${'a:mail.example.com '.repeat(11)}-all`] }))
    const with12 = await reportOf(apex({ TXT: [`v=spf1 ${'a:mail.example.com '.repeat(12)}-all`] }))
    expect(kindsOf(diffReports(with11, with12))).toContain('finding-changed spf.too-many-lookups')
  })

  it('what could not be looked up after is neither gone nor mended', async () => {
    const missing = await reportOf(changed({ '_dmarc.example.com': undefined }))
    const silent = await reportOf(cleanZone, name => name.startsWith('_dmarc.'))
    expect(kindsOf(diffReports(clean, silent))).toEqual([
      'score',
      'verdict dmarc pass unavailable',
      'record-lost-sight dmarc',
    ])
    expect(kindsOf(diffReports(missing, silent))).toContain('finding-unknown dmarc.missing')
    expect(kindsOf(diffReports(silent, missing))).toContain('finding-seen dmarc.missing')
    expect(kindsOf(diffReports(silent, clean))).toContain('record-in-sight dmarc')
  })

  it('a selector list that could not be read hides no key', async () => {
    const silent = await reportOf(cleanZone, name => name.includes('_domainkey'))
    expect(await changesTo(cleanZone, name => name.includes('_domainkey'))).toEqual(
      expect.arrayContaining(['verdict dkim pass unavailable']),
    )
    expect(kindsOf(diffReports(clean, silent)).filter(kind => kind.startsWith('record-removed'))).toEqual([])
  })

  it('has a sentence and a tone for each', async () => {
    const worse = await reportOf(apex({ TXT: ['v=spf1 +all'] }), name => name.startsWith('_dmarc.'))
    for (const change of [...diffReports(clean, worse), ...diffReports(worse, clean)]) {
      expect(changeSentence(change)).toMatch(/^[\p{Lu}].*\.$/su)
      expect(['better', 'worse', 'neutral']).toContain(changeTone(change))
    }
    const tones = new Map(diffReports(clean, worse).map(change => [change.kind, changeTone(change)]))
    expect(tones.get('finding-new')).toBe('worse')
    expect(tones.get('record-lost-sight')).toBe('neutral')
  })
})
