import { getDomain } from 'tldts'
import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import type { AuditRow, DmarcResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { defineCheck, type Judged } from './check.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/** A name that sending services use for the envelope sender, and what stands there. */
export type ReturnPath = {
  readonly name: string
  readonly txt: Lookup<'TXT'>
  readonly mx: Lookup<'MX'> | null
}
export type SubdomainFacts = {
  readonly domain: string
  readonly isSubdomain: boolean
  readonly dmarc: Pick<DmarcResult, 'state' | 'foundAt' | 'policy'>
  readonly returnPaths: readonly ReturnPath[]
}

const returnPathLabels = ['bounce', 'bounces', 'send']

async function gatherReturnPath(name: string, ask: Ask): Promise<ReturnPath> {
  const txt = await ask(name, 'TXT')
  return { name, txt, mx: hasSpf(txt) ? await ask(name, 'MX') : null }
}

function hasSpf(txt: Lookup<'TXT'>): boolean {
  return txt.state === 'found' && txt.values.map(joinTxt).some(isSpf)
}

/** What a subdomain that sends needs for itself: a policy, and at the envelope sender a way back for bounces. Pure. */
function judgeSubdomain({ domain, isSubdomain, dmarc, returnPaths }: SubdomainFacts): Judged {
  const inherits = isSubdomain && dmarc.foundAt !== null && dmarc.foundAt !== `_dmarc.${domain}`
  const findings: Finding[] = [
    ...(inherits ? [finding('subdomain.policy-inherited', { domain, from: dmarc.foundAt ?? '' })] : []),
    ...returnPaths
      .filter(({ mx }) => mx?.state === 'absent')
      .map(({ name }) => finding('subdomain.return-path-incomplete', { name })),
  ]
  const complete =
    !(isSubdomain && dmarc.state === 'unavailable') &&
    returnPaths.every(({ txt, mx }) => txt.state !== 'unavailable' && mx?.state !== 'unavailable')
  const used = returnPaths.some(({ txt }) => hasSpf(txt))
  const state = used || (isSubdomain && complete) ? 'found' : complete ? 'absent' : 'unavailable'
  return { result: { state, verdict: verdictOf(findings, complete) }, findings: sortFindings(findings) }
}

function subdomainRow({ domain, returnPaths }: SubdomainFacts, judged: Judged): AuditRow {
  const used = returnPaths.filter(({ txt }) => hasSpf(txt))
  const answers = returnPaths.flatMap(({ txt, mx }) => (mx === null ? [txt] : [txt, mx]))
  const deciding = used[0]?.txt ?? answers.find(({ state }) => state === judged.result.state)
  return {
    ...rowOf('subdomain', 'TXT', deciding, judged, openReason(answers)),
    name: used[0]?.name ?? domain,
    found: used.map(({ name }) => name),
  }
}

export const subdomainCheck = defineCheck({
  id: 'subdomain',
  needs: ['dmarc'],
  gather: async ({ domain, ask }, needed) => ({
    domain,
    isSubdomain: (getDomain(domain, { allowPrivateDomains: false }) ?? domain) !== domain,
    returnPaths: await Promise.all(
      returnPathLabels.map(label => gatherReturnPath(`${label}.${domain}`, ask)),
    ),
    dmarc: (await needed.dmarc).result,
  }),
  judge: judgeSubdomain,
  rows: (facts, judged) => [subdomainRow(facts, judged)],
})
