import { expect, test } from 'vitest'
import { type AuditName, byEvents, type Outcome, runAudits } from '../../../src-main/cli/run-audits.ts'
import type { Target } from '../../../src-main/cli/targets.ts'
import { fail, ok } from '#shared/failure.ts'
import { sampleReport } from './sample-report.ts'

const names = Array.from({ length: 20 }, (_, index) => `domain-${index}.example`)
const targets: Target[] = names.map(name => ({ input: name, name, failure: null, place: null }))

const auditName: AuditName = async function* (domain) {
  yield { kind: 'started', domain, checks: ['spf'] }
  await new Promise(resolve => setTimeout(resolve, domain.length % 3))
  return ok(sampleReport({ domain }))
}

type Changes = Partial<Parameters<typeof runAudits>[0]> & { auditName?: AuditName }

async function run({ auditName: ownAuditName = auditName, ...changes }: Changes): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  await runAudits({
    targets,
    auditTarget: byEvents(ownAuditName, () => undefined),
    concurrency: 4,
    signal: new AbortController().signal,
    onOutcome: async outcome => {
      outcomes.push(outcome)
    },
    ...changes,
  })
  return outcomes
}

test('every target gets one outcome, with its place in the list', async () => {
  const places = new Map<string, number>()
  await run({
    onOutcome: async (outcome, index) => {
      places.set(outcome.target.name, index)
    },
  })
  expect(places).toEqual(new Map(names.map((name, index) => [name, index])))
})

test.each([1, 4, 64])('never more than %i at once', async concurrency => {
  let running = 0
  let most = 0
  await run({
    concurrency,
    async *auditName(domain) {
      running += 1
      most = Math.max(most, running)
      await new Promise(resolve => setTimeout(resolve, 1))
      running -= 1
      yield { kind: 'started', domain, checks: [] }
      return ok(sampleReport({ domain }))
    },
  })
  expect(most).toBe(Math.min(concurrency, names.length))
})

test('a bad name is an outcome of its own and costs no audit', async () => {
  const failure = fail('domain-has-path').failure
  const asked: string[] = []
  const outcomes = await run({
    targets: [{ input: 'a.example/x', name: 'a.example/x', failure, place: null }, ...targets.slice(0, 1)],
    auditName: (input, signal) => {
      asked.push(input)
      return auditName(input, signal)
    },
  })
  expect(asked).toEqual(['domain-0.example'])
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['failed', 'report'])
})

test('after an interrupt nothing new begins, and what was cut short is left out', async () => {
  const stop = new AbortController()
  const begun: string[] = []
  const outcomes = await run({
    concurrency: 2,
    signal: stop.signal,
    async *auditName(domain, signal) {
      begun.push(domain)
      yield { kind: 'started', domain, checks: [] }
      if (domain !== 'domain-0.example') {
        stop.abort()
        return signal.aborted ? fail('cancelled') : ok(sampleReport({ domain }))
      }
      return ok(sampleReport({ domain }))
    },
  })
  expect(begun.length).toBeLessThanOrEqual(3)
  expect(outcomes.map(({ target }) => target.name)).toEqual(['domain-0.example'])
})

test('an audit that fails is told with its reason', async () => {
  const outcomes = await run({
    targets: targets.slice(0, 1),
    // eslint-disable-next-line require-yield
    async *auditName() {
      return fail('timed-out')
    },
  })
  expect(outcomes).toMatchObject([{ kind: 'failed', failure: { code: 'timed-out' } }])
})
