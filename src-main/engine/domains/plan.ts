import { parse as parsePublicSuffix } from 'tldts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { DmarcStep, PlanProblem, RecordPlan, RequiredRecord } from '#shared/model/record-plan.ts'
import type { Finding, FindingCode } from '#shared/model/finding.ts'
import type { LookupState } from '#shared/model/lookup.ts'
import type { MailProvider } from '#shared/model/provider.ts'
import { isDmarc, parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import { enterName, enterValue, usualRule } from './entry-form.ts'
import { noChoices, type ReadChoices } from './plan-choices.ts'
import { type OwnKey, planDkim } from './plan-dkim.ts'
import { mendDmarc, planDmarc } from './plan-dmarc.ts'
import { planExtras } from './plan-extras.ts'
import { planMx } from './plan-mx.ts'
import { closedSpf, coveredNames, firstSpf, isCostKnown, mendSpf, mergeSpf } from './plan-spf.ts'
import { dnsProvider, mailProvider } from './providers.ts'

/** A record of the plan in standard form, before it is put the way the DNS provider wants it typed. */
export type PlannedRecord = Omit<RequiredRecord, 'enterName' | 'enterValue'>

export type PlanFacts = {
  readonly domain: string
  /** The last audit, or null before the first. */
  readonly report: AuditReport | null
  /** Keys that were made here for this domain. */
  readonly ownKeys?: readonly OwnKey[]
  /** What could not be read of the choices. */
  readonly problems?: readonly PlanProblem[]
} & Partial<ReadChoices>

/**
 * The records the domain should publish: exactly one SPF and one DMARC record, the DKIM records of the provider and of
 * keys made here, the MX records, and what else was chosen. A record whose look-up was unavailable is left alone
 * (`keep`, with a null value) and makes the plan `incomplete`, as does a plan without an audit.
 */
export function planRecords(facts: PlanFacts): RecordPlan {
  const { domain, report } = facts
  const choices: ReadChoices = { ...noChoices, ...facts }
  const chosen = choices.mailProvider ?? report?.mx.provider ?? null
  const provider = mailProvider(chosen)
  const dns = choices.dnsProvider ?? report?.ns.provider ?? null
  const zone = zoneOf(domain, report)
  const rule = dnsProvider(dns) ?? usualRule
  const mx = planMx(domain, report, provider)
  const dmarc = planDmarcRecord(domain, report, choices.dmarcStep, provider)
  const extras = planExtras(domain, report, choices, mx)
  const records = [
    planSpfRecord(domain, report, provider, choices.spfInclude),
    dmarc,
    ...planDkim(domain, report?.dkim ?? null, provider, facts.ownKeys),
    ...mx,
    ...extras.records,
  ]
  return {
    domain,
    zone,
    dnsProvider: dns,
    mailProvider: chosen,
    records: records.map(record => ({
      ...record,
      enterName: enterName(record.name, zone, rule),
      enterValue: record.value === null ? null : enterValue(record.type, record.value, rule),
    })),
    dmarc: { published: report?.dmarc.policy ?? null, planned: policyOf(dmarc.value) },
    policyFile: extras.policyFile,
    problems: [...(facts.problems ?? [])],
    leftOut: extras.leftOut,
    incomplete: report === null || !isComplete(report) || extras.records.some(({ value }) => value === null),
    checkedAt: report === null ? null : Math.round(report.startedAt + report.tookMs),
  }
}

function policyOf(record: string | null): DmarcStep | null {
  const parsed = record === null ? null : parseDmarc(record)
  return parsed?.ok ? parsed.record.p : null
}

/** The zone a domain's records are edited in: where its nameservers were found, else the registrable domain. */
export function zoneOf(domain: string, report: Pick<AuditReport, 'ns'> | null): string {
  const { domain: registrable } = parsePublicSuffix(domain, {
    allowPrivateDomains: false,
    validateHostname: false,
  })
  return report?.ns.zone ?? registrable ?? domain
}

export type ExpectedFacts = {
  readonly domain: string
  /** `records`: every text that is an SPF record; `covered`: names its includes reach further down, when known. */
  readonly spf: {
    readonly state: LookupState
    readonly records: readonly string[]
    readonly covered?: readonly string[]
  }
  /** `records`: every text that is a DMARC record at the name where the policy was found. */
  readonly dmarc: { readonly state: LookupState; readonly records: readonly string[] }
  /** `provider`: the mail provider its hosts belong to. */
  readonly mx: { readonly state: LookupState; readonly nullMx: boolean; readonly provider: string | null }
}

/** The SPF and DMARC records Rookery would publish, for the audit's table; null where it cannot know. */
export function expectedRecords(facts: ExpectedFacts): { spf: string | null; dmarc: string | null } {
  const provider = mailProvider(facts.mx.provider)
  const hasMx = facts.mx.state === 'found' && !facts.mx.nullMx
  const spf =
    facts.spf.records.length > 0
      ? mergeSpf(facts.spf.records, provider, facts.spf.covered)
      : facts.mx.nullMx
        ? closedSpf
        : firstSpf(provider, hasMx)
  return {
    spf: facts.spf.state === 'unavailable' ? null : spf,
    dmarc:
      facts.dmarc.state === 'unavailable'
        ? null
        : planDmarc(facts.domain, facts.dmarc.records, !facts.mx.nullMx),
  }
}

function planSpfRecord(
  domain: string,
  report: AuditReport | null,
  provider: MailProvider | null,
  include: string | null,
): PlannedRecord {
  const own = include === null ? [] : [include]
  const record = { check: 'spf', type: 'TXT', name: domain } as const
  const left = { ...record, action: 'keep', value: null, current: null } as const
  if (report?.spf.state === 'unavailable') return left
  const published = spfRecords(report)
  const [current] = published
  if (current !== undefined) {
    // An include that could not be followed may already name the provider.
    if (!report || !isCostKnown(report.spf.costs)) return { ...left, value: current, current }
    const value = mergeSpf(published, provider, coveredNames(report.spf.costs), own)
    if (value === null) return { ...left, current }
    return { ...record, value, current: published.join('\n'), action: value === current ? 'keep' : 'replace' }
  }
  const almost = factOf(report, 'spf.almost', 'record')
  const mended = almost === null ? null : mendSpf(almost)
  if (almost !== null && mended !== null) {
    const isOtherType = factOf(report, 'spf.almost', 'reason') === 'record-type'
    const value = mergeSpf([mended], provider, [], own)
    if (value !== null) return { ...record, value, current: almost, action: isOtherType ? 'add' : 'replace' }
  }
  // A name chosen to send speaks against a null MX.
  const isClosed = report?.mx.nullMx === true && own.length === 0
  const hasMx = report?.mx.state === 'found' && !report.mx.nullMx
  const value = isClosed ? closedSpf : firstSpf(provider, hasMx, own)
  return { ...record, value, current: null, action: value === null ? 'provider' : 'add' }
}

/** By MX records, or by an address alone (RFC 5321 §5.1). What could not be looked up counts as taking mail. */
function takesMail({ mx, findings }: AuditReport): boolean {
  return !mx.nullMx && (mx.state !== 'absent' || findings.some(({ code }) => code === 'mx.implicit'))
}

function planDmarcRecord(
  domain: string,
  report: AuditReport | null,
  step: DmarcStep | null,
  provider: MailProvider | null,
): PlannedRecord {
  const own = `_dmarc.${domain}`
  const record = { check: 'dmarc', type: 'TXT', name: own } as const
  if (report?.dmarc.state === 'unavailable') return { ...record, value: null, action: 'keep', current: null }
  // Reports to a domain that takes no mail are lost, and receivers drop the address.
  const getsMx = Boolean(provider?.mxRecords)
  const canReceive = report === null || getsMx || takesMail(report)
  const published = dmarcRecords(report)
  const [current] = published
  if (current !== undefined) {
    const name = report?.dmarc.foundAt ?? own
    const value = planDmarc(domain, published, canReceive, step)
    // A step for this domain must not change the policy of the organisation it inherits from.
    if (name !== own && value !== current && step !== null)
      return { ...record, value: planDmarc(domain, [], canReceive, step), current: null, action: 'add' }
    const action = value === current && published.length === 1 ? 'keep' : 'replace'
    return { ...record, name, value, current: published.join('\n'), action }
  }
  const almost = factOf(report, 'dmarc.almost', 'record')
  const mended = almost === null ? null : mendDmarc(almost)
  if (mended !== null) {
    return {
      ...record,
      value: planDmarc(domain, [mended], canReceive, step),
      current: almost,
      action: 'replace',
    }
  }
  const misplaced = factOf(report, 'dmarc.wrong-location', 'record')
  const moved = misplaced !== null && isDmarc(misplaced) ? [misplaced] : []
  return { ...record, value: planDmarc(domain, moved, canReceive, step), current: null, action: 'add' }
}

function spfRecords(report: AuditReport | null): string[] {
  const several = listOf(report, 'spf.multiple', 'records').filter(isSpf)
  if (several.length > 0) return several
  return report?.spf.record ? [report.spf.record] : []
}

function dmarcRecords(report: AuditReport | null): string[] {
  const several = listOf(report, 'dmarc.multiple', 'records').filter(isDmarc)
  if (several.length > 0) return several
  return report?.dmarc.record ? [report.dmarc.record] : []
}

function findingOf(report: AuditReport | null, code: FindingCode): Finding | null {
  return report?.findings.find(finding => finding.code === code) ?? null
}

function factOf(report: AuditReport | null, code: FindingCode, fact: string): string | null {
  const value = findingOf(report, code)?.facts[fact]
  return typeof value === 'string' ? value : null
}

function listOf(report: AuditReport | null, code: FindingCode, fact: string): string[] {
  const value = findingOf(report, code)?.facts[fact]
  return Array.isArray(value) ? value : []
}

function isComplete(report: AuditReport): boolean {
  const checks = [report.ns, report.mx, report.spf, report.dmarc, report.dkim]
  const answered = checks.every(check => check.state !== 'unavailable' && check.verdict !== 'unavailable')
  const keys = report.dkim.selectors.every(row => row.state !== 'unavailable')
  const hosts = report.mx.hosts.every(host => host.state !== 'unavailable')
  return answered && keys && hosts && isCostKnown(report.spf.costs)
}
