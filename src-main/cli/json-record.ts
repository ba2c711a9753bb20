import { bulkSenderChecklist } from '#shared/bulk-senders.ts'
import type { AuditReport, OlderReceiver } from '#shared/model/audit.ts'
import { failureLine } from '#shared/words/failures.ts'
import { unanswered } from './exit-code.ts'
import type { Told } from './run-audits.ts'

/**
 * The object that `--json` prints for one domain. The fields are chosen here one by one, because scripts rely on them:
 * what the report gains later does not appear by itself. docs/cli.md is its reference.
 */
export function jsonRecord(outcome: Told): object {
  if (outcome.kind === 'failed') return failedRecord(outcome)
  const { report, target } = outcome
  const { spf, dmarc, dkim, mx, ns } = report
  return {
    domain: report.domain,
    input: target.input,
    ...placeOf(outcome),
    startedAt: report.startedAt,
    tookMs: Math.round(report.tookMs),
    queries: report.queries,
    ...scoreFields(report.score),
    spf: {
      state: spf.state,
      record: spf.record,
      verdict: spf.verdict,
      lookups: spf.lookups,
      voidLookups: spf.voidLookups,
      all: spf.all,
      costs: spf.costs,
    },
    dmarc: {
      state: dmarc.state,
      record: dmarc.record,
      verdict: dmarc.verdict,
      policy: dmarc.policy,
      foundAt: dmarc.foundAt,
      organisationalDomain: dmarc.organisationalDomain ?? null,
      older: olderFields(dmarc.older ?? null),
    },
    dkim: {
      state: dkim.state,
      verdict: dkim.verdict,
      tried: dkim.tried,
      selectors: dkim.selectors.map(entry => ({
        selector: entry.selector,
        state: entry.state,
        verdict: entry.verdict,
        keyType: entry.keyType,
        keyBits: entry.keyBits,
        record: entry.record,
        aliases: entry.aliases ?? [],
      })),
    },
    mx: {
      state: mx.state,
      verdict: mx.verdict,
      nullMx: mx.nullMx,
      hosts: mx.hosts.map(({ preference, host, addresses, state }) => ({
        preference,
        host,
        addresses,
        state,
      })),
      provider: mx.provider,
    },
    ns: { state: ns.state, verdict: ns.verdict, zone: ns.zone, hosts: ns.hosts, provider: ns.provider },
    checks: report.checks,
    views: report.views.map(({ row, name, type, state, ttlS, resolver, servers }) => ({
      row,
      name,
      type,
      state,
      ttlS,
      resolver,
      servers: servers.map(({ host, address, state, values, reason }) => ({
        host,
        address,
        state,
        values,
        reason,
      })),
    })),
    findings: report.findings.map(({ code, severity, check, facts, rfc }) => ({
      code,
      severity,
      check,
      facts,
      rfc,
    })),
    bulkSenders: bulkSenderChecklist(report).map(({ provider, requirement, state, evidence, codes }) => ({
      provider,
      requirement,
      state,
      evidence,
      codes,
    })),
    unavailable: unanswered(report).map(({ name, type, reason, server }) => ({ name, type, reason, server })),
  }
}

function olderFields(older: OlderReceiver | null): object | null {
  if (older === null) return null
  const { policy, organisationalDomain, foundAt, percentage, differences } = older
  return { policy, organisationalDomain, foundAt, percentage, differences }
}

function failedRecord(outcome: Extract<Told, { kind: 'failed' }>): object {
  const { target, failure } = outcome
  return {
    domain: target.input,
    input: target.input,
    ...placeOf(outcome),
    error: { code: failure.code, message: failureLine(failure), detail: failure.detail },
  }
}

function placeOf({ target }: Told): object {
  return target.place === null ? {} : { file: target.place.file, line: target.place.line }
}

function scoreFields(score: AuditReport['score']): object {
  return score.state === 'known'
    ? { score: score.value, scoreLost: score.lost, scoreMissing: [] }
    : { score: null, scoreLost: [], scoreMissing: score.missing }
}
