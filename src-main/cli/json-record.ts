import type { AuditReport } from '#shared/model/audit.ts'
import { failureLine } from '#shared/words/failures.ts'
import { unanswered } from './exit-code.ts'
import type { Outcome } from './run-audits.ts'

/**
 * The object that `--json` prints for one domain. The fields are chosen here one by one, because scripts rely on them:
 * what the report gains later does not appear by itself. docs/cli.md is its reference.
 */
export function jsonRecord(outcome: Outcome): object {
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
    },
    dkim: {
      state: dkim.state,
      verdict: dkim.verdict,
      tried: dkim.tried,
      selectors: dkim.selectors.map(({ selector, state, verdict, keyType, keyBits, record }) => ({
        selector,
        state,
        verdict,
        keyType,
        keyBits,
        record,
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
    unavailable: unanswered(report).map(({ name, type, reason, server }) => ({ name, type, reason, server })),
  }
}

function failedRecord(outcome: Extract<Outcome, { kind: 'failed' }>): object {
  const { target, failure } = outcome
  return {
    domain: target.input,
    input: target.input,
    ...placeOf(outcome),
    error: { code: failure.code, message: failureLine(failure), detail: failure.detail },
  }
}

function placeOf({ target }: Outcome): object {
  return target.place === null ? {} : { file: target.place.file, line: target.place.line }
}

function scoreFields(score: AuditReport['score']): object {
  return score.state === 'known'
    ? { score: score.value, scoreLost: score.lost, scoreMissing: [] }
    : { score: null, scoreLost: [], scoreMissing: score.missing }
}
