import type { AuditReport } from '#shared/model/audit.ts'

/** A report of a domain where all is well; each test changes what it is about. */
export function sampleReport(changes: Partial<AuditReport> = {}): AuditReport {
  return {
    domain: 'example.com',
    startedAt: 1_763_820_000_000,
    tookMs: 812,
    queries: 31,
    ns: {
      state: 'found',
      verdict: 'pass',
      zone: 'example.com',
      hosts: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
      provider: 'cloudflare',
    },
    mx: {
      state: 'found',
      verdict: 'pass',
      nullMx: false,
      hosts: [{ preference: 1, host: 'smtp.google.com', addresses: ['192.0.2.25'], state: 'found' }],
      provider: 'google',
    },
    spf: {
      state: 'found',
      record: 'v=spf1 include:_spf.google.com ~all',
      verdict: 'pass',
      lookups: 4,
      voidLookups: 0,
      all: '~all',
      costs: [
        {
          term: 'include:_spf.google.com',
          target: '_spf.google.com',
          lookups: 4,
          voidLookups: 0,
          state: 'found',
          children: [],
        },
      ],
    },
    dmarc: {
      state: 'found',
      record: 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com',
      verdict: 'pass',
      policy: 'reject',
      foundAt: '_dmarc.example.com',
    },
    dkim: {
      state: 'found',
      verdict: 'pass',
      selectors: [
        {
          selector: 'google',
          state: 'found',
          verdict: 'pass',
          keyType: 'rsa',
          keyBits: 2048,
          record: 'v=DKIM1; p=…',
        },
      ],
      tried: 1,
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
    findings: [],
    score: { state: 'known', value: 100, lost: [] },
    raw: [],
    rawHttps: [],
    rawSmtp: [],
    ...changes,
  }
}
