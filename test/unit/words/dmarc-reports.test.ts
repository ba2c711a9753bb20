import { describe, expect, it } from 'vitest'
import { reportRefusals, type ReportSource, sourceVerdicts } from '#shared/model/dmarc-report.ts'
import {
  dayName,
  dispositionLine,
  messageCount,
  outcomeLine,
  outcomeName,
  readingLine,
  refusalWords,
  shareText,
  verdictNames,
  verdictWords,
} from '#shared/words/dmarc-reports.ts'

const sentence = /^[A-Z][^!]*[.]$/

describe('the words for reports', () => {
  it.each(reportRefusals)('%s is a sentence, with its facts and without', code => {
    for (const facts of [{}, { megabytes: 10, domain: 'example.com', count: 300, most: 200, times: 200 }])
      expect(refusalWords[code](facts)).toMatch(sentence)
  })

  it.each(sourceVerdicts)('%s is a sentence, with names and without', verdict => {
    expect(verdictNames[verdict]).toMatch(/^[A-Z][^.]*$/)
    const line = { verdict, messages: 1, domains: [], selectors: [] }
    expect(verdictWords[verdict](line)).toMatch(sentence)
    expect(
      verdictWords[verdict]({ ...line, domains: ['a.example', 'b.example', 'c.example'], selectors: ['s1'] }),
    ).toMatch(sentence)
  })

  it('name the domain that a signature is for', () => {
    const line = {
      verdict: 'dkim-other-domain',
      messages: 4,
      domains: ['sendgrid.net'],
      selectors: [],
    } as const
    expect(verdictWords['dkim-other-domain']({ ...line, domains: ['sendgrid.net'], selectors: [] })).toBe(
      'DKIM passes for sendgrid.net, which is not the domain in From. If you use this service, have it sign with your own domain.',
    )
  })

  it.each([
    [0, 0, '–'],
    [0, 10, '0 %'],
    [10, 10, '100 %'],
    [1, 3, '33.3 %'],
    [99_999, 100_000, '> 99.9 %'],
    [1, 100_000, '< 0.1 %'],
    [1, 1_000, '0.1 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(shareText(part, whole)).toBe(text)
  })

  it('say what became of a file', () => {
    const at = { file: 'a.zip', part: 'b.xml' }
    const about = { domain: 'example.com', organisation: 'Receiver', reportId: 'r-1', messages: 1 }
    expect(outcomeName(at)).toBe('a.zip: b.xml')
    expect(outcomeName({ file: 'a.xml', part: null })).toBe('a.xml')
    expect(outcomeLine({ ...at, ...about, state: 'read', beginsAt: 0, endsAt: 1, rows: 1, leftOut: 2 })).toBe(
      'Read: 1 message of example.com, reported by Receiver. 2 records could not be read.',
    )
    expect(outcomeLine({ ...at, ...about, state: 'duplicate' })).toBe(
      'Was read before: report r-1 of Receiver. Nothing was counted again.',
    )
  })

  it('write days and counts as people do', () => {
    expect(dayName('2026-11-02')).toBe('2 Nov 2026')
    expect([messageCount(1), messageCount(1_991)]).toEqual(['1 message', '1,991 messages'])
  })

  it('say what receivers did', () => {
    const source = { messages: 1_000, quarantined: 0, rejected: 0 } as ReportSource
    expect(dispositionLine(source)).toBe('Delivered')
    expect(dispositionLine({ ...source, quarantined: 5, rejected: 995 })).toBe('995 refused, 5 to spam')
    expect(dispositionLine({ ...source, rejected: 1 })).toBe('999 delivered, 1 refused')
  })

  it('say how a reading ended', () => {
    const last = {
      state: 'read',
      at: 0,
      messages: 3,
      reports: 0,
      duplicates: 0,
      refused: [],
      refusedCount: 0,
      left: 0,
    } as const
    expect(readingLine({ ...last, refused: [] })).toBe('No new report.')
    expect(readingLine({ ...last, refused: [], reports: 2, duplicates: 1, refusedCount: 1, left: 7 })).toBe(
      '2 new reports, 1 copy of earlier ones, 1 attachment not read, 7 messages left to look at.',
    )
  })
})
