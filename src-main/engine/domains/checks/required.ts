import { dkimRows, dmarcRow, mxRow, nsRow, spfRow } from '../audit-rows.ts'
import { defineCheck } from './check.ts'
import { judgeDkim } from './dkim.ts'
import { gatherDkim, gatherKnownDkim } from './dkim-search.ts'
import { gatherDmarc, judgeDmarc } from './dmarc.ts'
import { gatherMx, judgeMx } from './mx.ts'
import { gatherNs, judgeNs } from './ns.ts'
import { sortFindings, verdictOf } from './rules.ts'
import { gatherProviderRecord, judgeAcross } from './spf-across.ts'
import { saysNeverSends } from './spf-sending.ts'
import { gatherSpf, judgeSpf } from './spf.ts'

/* The checks that every audit makes. Their results are parts of the report of their own, so they stand together here. */

export const nsCheck = defineCheck({
  id: 'ns',
  needs: [],
  gather: ({ domain, ask }) => gatherNs(domain, ask),
  judge: judgeNs,
  rows: (facts, judged) => [nsRow(facts, judged)],
})

export const mxCheck = defineCheck({
  id: 'mx',
  needs: [],
  gather: ({ domain, ask }) => gatherMx(domain, ask),
  judge: judgeMx,
  rows: (facts, judged) => [mxRow(facts, judged)],
})

export const spfCheck = defineCheck({
  id: 'spf',
  needs: [],
  gather: ({ domain, ask, askAside }) => gatherSpf(domain, ask, askAside),
  judge: judgeSpf,
  rows: (facts, judged, expected) => [spfRow(facts, judged, expected.spf)],
  beside: async ({ ask }, spf, { mx, dmarc, dkim }) => {
    const neighbours = { spf, mx: mx.result, dmarc: dmarc.result, dkim: dkim.result }
    const added = judgeAcross(neighbours, await gatherProviderRecord(neighbours, ask))
    const findings = sortFindings([...spf.findings, ...added])
    const verdict = verdictOf(findings, spf.result.verdict !== 'unavailable')
    return added.length === 0 ? spf : { findings, result: { ...spf.result, verdict } }
  },
})

export const dmarcCheck = defineCheck({
  id: 'dmarc',
  needs: [],
  gather: ({ domain, ask, askAside, dmarcEvidence }) => gatherDmarc(domain, ask, askAside, dmarcEvidence),
  judge: judgeDmarc,
  rows: (facts, judged, expected) => [dmarcRow(facts, judged, expected.dmarc)],
})

const nothingKnown = { txt: { state: 'unavailable' }, tree: null } as const

export const dkimCheck = defineCheck({
  id: 'dkim',
  needs: ['mx', 'spf'],
  gather: async ({ domain, ask, selectors, guessSelectors }, needed) => {
    const provider = needed.mx.then(({ result }) => result.provider)
    // A fault is told by the MX check itself; DKIM may have ended before it waits for this.
    provider.catch(() => {})
    // Only a null MX makes it worth waiting for SPF.
    const neverSends = needed.mx.then(async ({ result }) =>
      saysNeverSends(result, result.nullMx ? (await needed.spf).facts : nothingKnown),
    )
    neverSends.catch(() => {})
    const facts = guessSelectors
      ? await gatherDkim(domain, ask, provider, selectors)
      : await gatherKnownDkim(domain, ask, selectors)
    return { ...facts, neverSends: await neverSends }
  },
  judge: facts => judgeDkim(facts, facts.neverSends),
  rows: (facts, judged) => dkimRows(facts, judged),
})
