import type { Domain } from '#shared/model/domain.ts'

const right = { verdict: 'pass', state: 'found' } as const

/** A domain as the feed brings it; its id is its name unless given. */
export function someDomain(name: string, change: Partial<Domain> = {}): Domain {
  return {
    id: name,
    name,
    displayName: name,
    status: 'verified',
    score: 90,
    marks: { spf: right, dkim: right, dmarc: right, mx: right },
    critical: 0,
    high: 0,
    listings: null,
    listedOn: [],
    dnsProvider: null,
    mailProvider: null,
    tags: [],
    mailboxes: 0,
    dailyLimit: 50,
    warmupDefaults: null,
    warmupPerDay: null,
    addedAt: Date.UTC(2026, 10, 22),
    checkedAt: null,
    reportsAt: null,
    checking: false,
    nextCheckAt: null,
    ...change,
  }
}
