import { describe, expect, it } from 'vitest'
import {
  bulkProviders,
  bulkRequirements,
  bulkSenderChecklist,
  bulkStates,
  type BulkProvider,
  type BulkRequirement,
} from '#shared/bulk-senders.ts'
import { bulkProviderWords, bulkRequirementWords, bulkStateWords } from '#shared/words/bulk-senders.ts'
import { apex, auditOf, changed, cleanZone } from '../helpers/audit-zone.ts'
import type { ZoneOptions, ZoneText } from '../helpers/zone.ts'

async function check(text: ZoneText, options: ZoneOptions = {}) {
  const items = bulkSenderChecklist((await auditOf(text, 'example.com', options)).report)
  return (requirement: BulkRequirement, provider: BulkProvider = 'gmail') =>
    items.find(item => item.requirement === requirement && item.provider === provider)
}

const noKey = { 'google._domainkey.example.com': undefined }

const ptr = (state: string, verdict: string) => ({ checks: { ptr: { state, verdict } } })

describe('bulkSenderChecklist', () => {
  it('asks of each provider what it asks for, and no more', async () => {
    const items = bulkSenderChecklist((await auditOf(cleanZone)).report)
    const count = (provider: BulkProvider) => items.filter(item => item.provider === provider).length
    expect(bulkProviders.map(count)).toEqual([9, 8, 5])
    expect(items.filter(item => item.provider === 'microsoft').map(item => item.requirement)).toEqual([
      'spf-and-dkim',
      'dmarc',
      'alignment',
      'reverse-dns',
      'message-form',
    ])
  })

  it('a clean domain meets what DNS can show, with the evidence', async () => {
    const state = await check(cleanZone)
    expect(state('spf-or-dkim')?.state).toBe('met')
    expect(state('spf-and-dkim', 'microsoft')).toMatchObject({
      state: 'met',
      evidence: ['v=spf1 include:_spf.google.com -all', 'google'],
      codes: [],
    })
    expect(state('dmarc', 'yahoo')).toMatchObject({
      state: 'met',
      evidence: ['_dmarc.example.com', 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com'],
    })
    expect(state('tls')?.state).toBe('not-checkable')
  })

  it('without a key one of both is enough for small senders alone', async () => {
    const state = await check(changed(noKey))
    expect(state('spf-or-dkim')?.state).toBe('met')
    expect(state('spf-and-dkim')).toMatchObject({ state: 'not-met', codes: ['dkim.none-possible'] })
  })

  it('a key that was not guessed leaves it open', async () => {
    const state = await check(
      changed({ ...noKey, 'x7f3k2._domainkey.example.com': cleanZone['google._domainkey.example.com'] }),
    )
    expect(state('spf-and-dkim')).toMatchObject({ state: 'unknown', codes: ['dkim.none-found'] })
  })

  it('a record that receivers cannot use is none', async () => {
    const state = await check(apex({ TXT: ['v=spf1 -all', 'v=spf1 mx -all'] }))
    expect(state('spf-and-dkim')).toMatchObject({ state: 'not-met', codes: ['spf.multiple'] })
    expect(state('spf-or-dkim')?.state).toBe('met')
  })

  it('+all lets mail pass', async () => {
    expect((await check(apex({ TXT: ['v=spf1 +all'] })))('spf-and-dkim')?.state).toBe('met')
  })

  it.each([
    ['p=none is enough', 'v=DMARC1; p=none', 'met'],
    ['no usable policy is not', 'v=DMARC1; p=block', 'not-met'],
  ])('DMARC: %s', async (_, record, state) => {
    expect((await check(changed({ '_dmarc.example.com': { TXT: [record] } })))('dmarc')?.state).toBe(state)
  })

  it('reverse DNS is told of servers the domain lists itself, when it was looked at', async () => {
    const { report } = await auditOf({
      ...apex({ TXT: ['v=spf1 ip4:198.100.10.1 -all'] }),
      '1.10.100.198.in-addr.arpa': { PTR: ['out.example.com'] },
      'out.example.com': { A: ['198.100.10.1'] },
    })
    const stateOf = (changes: object) =>
      bulkSenderChecklist({ ...report, ...changes }).find(item => item.requirement === 'reverse-dns')
    const missing = {
      code: 'ptr.missing',
      check: 'ptr',
      severity: 'high',
      facts: { address: '198.100.10.1' },
      rfc: '',
    }
    expect(stateOf({ checks: undefined })?.state).toBe('not-checkable')
    expect(stateOf(ptr('found', 'pass'))).toMatchObject({ state: 'met', evidence: ['198.100.10.1'] })
    expect(stateOf(ptr('found', 'unavailable'))?.state).toBe('unknown')
    expect(stateOf(ptr('absent', 'pass'))?.state).toBe('not-checkable')
    expect(stateOf({ ...ptr('absent', 'fail'), findings: [missing] })).toMatchObject({
      state: 'not-met',
      evidence: ['198.100.10.1'],
      codes: ['ptr.missing'],
    })
  })

  it('nothing is concluded from look-ups that could not be made', async () => {
    const { report } = await auditOf(cleanZone, 'example.com', { unavailable: () => 'timeout' })
    const states = new Set(bulkSenderChecklist(report).map(item => item.state))
    expect([...states].toSorted()).toEqual(['not-checkable', 'unknown'])
  })

  it('has words for everything', () => {
    for (const provider of bulkProviders) expect(bulkProviderWords[provider].gloss).toMatch(/\.$/)
    for (const requirement of bulkRequirements)
      expect(bulkRequirementWords[requirement].gloss).toMatch(/[.]$|\)\.$/)
    for (const state of bulkStates) expect(bulkStateWords[state].gloss).toMatch(/\.$/)
  })
})
