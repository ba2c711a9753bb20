import { describe, expect, test } from 'vitest'
import { driftOf, isOver } from '#engine/alerts/drift.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { literalReport } from '../domains/literal-report.ts'

const still = { before: 'verified', after: 'verified' } as const
const base = literalReport()
const good: AuditReport = {
  ...base,
  spf: { ...base.spf, state: 'found', record: 'v=spf1 -all', verdict: 'pass', lookups: 3, all: '-all' },
  dmarc: { ...base.dmarc, state: 'found', record: 'v=DMARC1; p=reject', verdict: 'pass', policy: 'reject' },
  dkim: {
    ...base.dkim,
    state: 'found',
    verdict: 'pass',
    selectors: [
      { selector: 's1', state: 'found', verdict: 'pass', keyType: 'rsa', keyBits: 2048, record: 'v=DKIM1' },
    ],
  },
  mx: {
    ...base.mx,
    state: 'found',
    verdict: 'pass',
    hosts: [{ preference: 10, host: 'mx.example.com', addresses: ['192.0.2.1'], state: 'found' }],
  },
}
const reportWith = (change: Partial<AuditReport>): AuditReport => ({ ...good, ...change })
const needing = (lookups: number) => reportWith({ spf: { ...good.spf, lookups } })
const gone = {
  spf: reportWith({ spf: { ...good.spf, state: 'absent', record: null, verdict: 'fail', all: null } }),
}
const lost = reportWith({
  spf: { ...good.spf, state: 'unavailable', record: null, verdict: 'unavailable', lookups: 0 },
})
const codes = (after: AuditReport, before: readonly AuditReport[] = [good]) =>
  driftOf(before, after, still).map(({ code, subject }) => `${code} ${subject}`)

describe('what got worse', () => {
  test('is nothing between equal reports, or before there was one', () => {
    expect(codes(good)).toEqual([])
    expect(codes(gone.spf, [])).toEqual([])
  })

  test('is a record that vanished, with what it was', () => {
    expect(driftOf([good], gone.spf, still)).toEqual([
      {
        code: 'drift.record-vanished',
        severity: 'high',
        subject: 'spf',
        facts: { check: 'spf', before: 'v=spf1 -all' },
      },
    ])
    expect(codes(reportWith({ mx: { ...good.mx, state: 'absent', hosts: [] } }))).toEqual([
      'drift.record-vanished mx',
    ])
    expect(codes(reportWith({ dkim: { ...good.dkim, state: 'absent', selectors: [] } }))).toEqual([
      'drift.record-vanished dkim',
    ])
  })

  test('is a policy that weakened, not one that became stricter', () => {
    const dmarc = (policy: AuditReport['dmarc']['policy']) => reportWith({ dmarc: { ...good.dmarc, policy } })
    expect(codes(dmarc('quarantine'))).toEqual(['drift.policy-weakened dmarc'])
    expect(codes(dmarc('reject'), [dmarc('none')])).toEqual([])
    const spf = (all: AuditReport['spf']['all']) => reportWith({ spf: { ...good.spf, all } })
    expect(codes(spf('~all'))).toEqual(['drift.policy-weakened spf'])
    expect(codes(spf('-all'), [spf('~all')])).toEqual([])
    expect(driftOf([good], spf('+all'), still)[0]?.severity).toBe('critical')
    expect(codes(spf(null), [spf('?all')])).toEqual([])
  })

  test('is a look-up limit that was crossed, once', () => {
    expect(codes(needing(11))).toEqual(['drift.lookup-limit spf'])
    expect(codes(needing(12), [needing(11)])).toEqual([])
    expect(codes(needing(10))).toEqual([])
  })

  test('is a status that fell, with the checks that are wrong', () => {
    const drift = driftOf([good], gone.spf, { before: 'verified', after: 'failed' })
    expect(drift.at(-1)).toMatchObject({ code: 'drift.status-fell', facts: { checks: ['spf'] } })
    expect(driftOf([good], good, { before: 'failed', after: 'failed' })).toEqual([])
  })

  test('is never told of what could not be looked up now', () => {
    const blind = reportWith({
      spf: lost.spf,
      dmarc: { ...good.dmarc, state: 'unavailable', verdict: 'unavailable', policy: null },
      dkim: { ...good.dkim, state: 'unavailable', verdict: 'unavailable', selectors: [] },
      mx: { ...good.mx, state: 'unavailable', verdict: 'unavailable', hosts: [] },
    })
    expect(codes(blind)).toEqual([])
  })

  test('is compared with the last report that knew: a night without an answer hides nothing', () => {
    expect(codes(gone.spf, [lost])).toEqual([])
    expect(codes(gone.spf, [lost, good])).toEqual(['drift.record-vanished spf'])
  })
})

const over = (after: AuditReport, before: AuditReport, status: 'verified' | 'failed' = 'verified') => {
  const [drift] = driftOf([good], before, { before: 'verified', after: 'verified' })
  if (drift === undefined) throw new Error('No drift.')
  return isOver(drift, after, status)
}

describe('what is over', () => {
  test('is a record that is back, a policy as strict as it was, a cost below the limit', () => {
    expect(over(good, gone.spf)).toBe(true)
    expect(over(gone.spf, gone.spf)).toBe(false)
    const weak = reportWith({ dmarc: { ...good.dmarc, policy: 'none' } })
    const half = reportWith({ dmarc: { ...good.dmarc, policy: 'quarantine' } })
    expect([over(good, weak), over(half, weak)]).toEqual([true, false])
    const dear = reportWith({ spf: { ...good.spf, lookups: 11 } })
    expect([over(good, dear), over(dear, dear)]).toEqual([true, false])
  })

  test('is not decided by what could not be looked up', () => {
    expect(over(lost, gone.spf)).toBe(false)
    expect(over(lost, reportWith({ spf: { ...good.spf, lookups: 11 } }))).toBe(false)
  })

  test('is a status that is Verified again', () => {
    const fell = { code: 'drift.status-fell', subject: 'status', facts: {} } as const
    expect([isOver(fell, good, 'verified'), isOver(fell, good, 'failed')]).toEqual([true, false])
  })
})
