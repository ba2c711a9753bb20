import type { CheckId, Fact, Finding, FindingCode, Severity, Verdict } from '#shared/model/finding.ts'
import { checkOrder, severities } from '#shared/model/finding.ts'
import { bimiRules } from './rules/bimi.ts'
import { caaRules } from './rules/caa.ts'
import { daneRules } from './rules/dane.ts'
import { dkimRules } from './rules/dkim.ts'
import { dmarcRules } from './rules/dmarc.ts'
import { dnssecRules } from './rules/dnssec.ts'
import { mtaStsRules } from './rules/mta-sts.ts'
import { mxRules } from './rules/mx.ts'
import { nsRules } from './rules/ns.ts'
import { ptrRules } from './rules/ptr.ts'
import { spfRules } from './rules/spf.ts'
import { subdomainRules } from './rules/subdomain.ts'
import { tlsRptRules } from './rules/tls-rpt.ts'
import { tlsRules } from './rules/tls.ts'
import { trackingRules } from './rules/tracking.ts'
import { viewsRules } from './rules/views.ts'
import { webRules } from './rules/web.ts'
import { zoneRules } from './rules/zone.ts'
import type { Rule } from './rules/rule.ts'

/** Every rule of the audit: how bad a breach is, where the rule stands, and which evidence comes with it. */
export const rules: Readonly<Record<FindingCode, Rule>> = {
  ...nsRules,
  ...mxRules,
  ...spfRules,
  ...dmarcRules,
  ...dkimRules,
  ...viewsRules,
  ...zoneRules,
  ...dnssecRules,
  ...ptrRules,
  ...mtaStsRules,
  ...tlsRptRules,
  ...tlsRules,
  ...daneRules,
  ...subdomainRules,
  ...trackingRules,
  ...webRules,
  ...caaRules,
  ...bimiRules,
}

/** A finding by its rule; `severity` only where the facts soften or sharpen the rule. */
export function finding(code: FindingCode, facts: Record<string, Fact>, severity?: Severity): Finding {
  const rule = rules[code]
  const check = code.slice(0, code.indexOf('.')) as CheckId
  return { code, severity: severity ?? rule.severity, check, facts, rfc: rule.rfc }
}

/** Worst first, then in the order the checks are read; equal ones stay as they came. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf(entry: Finding): number {
  return severities.indexOf(entry.severity) * checkOrder.length + checkOrder.indexOf(entry.check)
}

/**
 * What the findings come to. A breach that was seen stands whatever else could not be looked up; without one,
 * a missing answer leaves the verdict open rather than good.
 */
export function verdictOf(findings: readonly Finding[], complete: boolean): Verdict {
  const has = (...wanted: readonly Severity[]) => findings.some(entry => wanted.includes(entry.severity))
  if (has('critical', 'high')) return 'fail'
  if (!complete) return 'unavailable'
  return has('medium') ? 'warn' : 'pass'
}
