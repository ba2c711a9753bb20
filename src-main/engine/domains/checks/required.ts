import { dkimRows, dmarcRow, mxRow, nsRow, spfRow } from '../audit-rows.ts'
import { defineCheck } from './check.ts'
import { judgeDkim } from './dkim.ts'
import { gatherDkim } from './dkim-search.ts'
import { gatherDmarc, judgeDmarc } from './dmarc.ts'
import { gatherMx, judgeMx } from './mx.ts'
import { gatherNs, judgeNs } from './ns.ts'
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
  gather: ({ domain, ask }) => gatherSpf(domain, ask),
  judge: judgeSpf,
  rows: (facts, judged, expected) => [spfRow(facts, judged, expected.spf)],
})

export const dmarcCheck = defineCheck({
  id: 'dmarc',
  needs: [],
  gather: ({ domain, ask }) => gatherDmarc(domain, ask),
  judge: judgeDmarc,
  rows: (facts, judged, expected) => [dmarcRow(facts, judged, expected.dmarc)],
})

export const dkimCheck = defineCheck({
  id: 'dkim',
  needs: ['mx'],
  gather: ({ domain, ask }, needed) => {
    const provider = needed.mx.then(({ result }) => result.provider)
    // A fault is told by the MX check itself; DKIM may have ended before it waits for this.
    provider.catch(() => {})
    return gatherDkim(domain, ask, provider)
  },
  judge: judgeDkim,
  rows: (facts, judged) => dkimRows(facts, judged),
})
