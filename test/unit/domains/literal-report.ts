import type { AuditReport } from '#shared/model/audit.ts'

type Parts = {
  [K in 'ns' | 'mx' | 'spf' | 'dmarc' | 'dkim']?: Partial<AuditReport[K]>
} & Partial<Pick<AuditReport, 'findings' | 'score'>>

/** A report in which everything is right, with the parts under test put in. */
export function literalReport(parts: Parts = {}): AuditReport {
  return {
    domain: 'example.com',
    startedAt: 1_000_000,
    tookMs: 250.4,
    queries: 20,
    ns: {
      state: 'found',
      verdict: 'pass',
      zone: 'example.com',
      hosts: ['ns1.example.net', 'ns2.example.net'],
      provider: null,
      ...parts.ns,
    },
    mx: {
      state: 'found',
      verdict: 'pass',
      nullMx: false,
      hosts: [{ preference: 10, host: 'mx.example.com', addresses: ['192.0.2.1'], state: 'found' }],
      provider: null,
      ...parts.mx,
    },
    spf: {
      state: 'found',
      record: 'v=spf1 mx ~all',
      verdict: 'pass',
      lookups: 1,
      voidLookups: 0,
      all: '~all',
      costs: [],
      ...parts.spf,
    },
    dmarc: {
      state: 'found',
      record: 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com',
      verdict: 'pass',
      policy: 'reject',
      foundAt: '_dmarc.example.com',
      ...parts.dmarc,
    },
    dkim: {
      state: 'found',
      verdict: 'pass',
      selectors: [
        {
          selector: 'mail',
          state: 'found',
          verdict: 'pass',
          keyType: 'rsa',
          keyBits: 2048,
          record: 'v=DKIM1; p=AAAA',
        },
      ],
      tried: 1,
      ...parts.dkim,
    },
    reach: {
      direct: false,
      https: false,
      smtp: false,
      trackingHost: null,
      selectors: [],
      guessSelectors: true,
      dmarcEvidence: null,
    },
    checks: {},
    views: [],
    rows: [],
    findings: parts.findings ?? [],
    score: parts.score ?? { state: 'known', value: 100, lost: [] },
    raw: [],
    rawHttps: [],
    rawSmtp: [],
  }
}

export const absentSpf = { state: 'absent', record: null, verdict: 'fail', lookups: 0, all: null } as const
export const absentDmarc = {
  state: 'absent',
  record: null,
  verdict: 'fail',
  policy: null,
  foundAt: null,
} as const
export const absentDkim = { state: 'absent', verdict: 'fail', selectors: [] } as {
  state: 'absent'
  verdict: 'fail'
  selectors: []
}
export const absentMx = { state: 'absent', verdict: 'fail', hosts: [] } as {
  state: 'absent'
  verdict: 'fail'
  hosts: []
}
