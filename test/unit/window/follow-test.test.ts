import { describe, expect, test } from 'vitest'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { TestEvent, TestOutcome } from '#shared/model/mailbox.ts'
import { followTest, type TestView } from '../../../src-renderer/features/mailboxes/test/follow-test.ts'

const phase = (id: 'smtp-dns' | 'smtp-tcp', state: 'running' | 'passed'): TestEvent => ({
  kind: 'phase',
  phase: id,
  state,
  ms: 1,
  evidence: null,
})
const events: readonly TestEvent[] = [
  { kind: 'started', test: 't', phases: ['smtp-dns', 'smtp-tcp'] },
  phase('smtp-dns', 'running'),
  phase('smtp-dns', 'passed'),
  phase('smtp-tcp', 'running'),
  phase('smtp-tcp', 'passed'),
]

async function* stream(end: Result<TestOutcome>): AsyncGenerator<TestEvent, Result<TestOutcome>, void> {
  yield* events
  return end
}

/** Follows a test whose changes are drawn only when it has ended, as a busy window draws them. */
async function drawnAtTheEnd(end: Result<TestOutcome>) {
  const changes: ((before: TestView | null) => TestView | null)[] = []
  let isCurrent = true
  await followTest(Promise.resolve(stream(end)), {
    signal: new AbortController().signal,
    isCurrent: () => isCurrent,
    onEnd: () => {
      isCurrent = false
    },
    draw: change => changes.push(change),
  })
  return changes.reduce<TestView | null>((before, change) => change(before), null)
}

describe('a test of a mailbox', () => {
  test('shows the report of its last phase, also when it is drawn after the end', async () => {
    const outcome = { test: 't', canSave: true } as TestOutcome
    const view = await drawnAtTheEnd(ok(outcome))
    expect(view).toMatchObject({ phases: ['smtp-dns', 'smtp-tcp'], isRunning: false, outcome })
    expect([...(view?.reports.values() ?? [])].map(({ state }) => state)).toEqual(['passed', 'passed'])
  })

  test('that failed keeps what was seen of it', async () => {
    const view = await drawnAtTheEnd(fail('cancelled'))
    expect(view).toMatchObject({ isRunning: false, outcome: null, failure: { code: 'cancelled' } })
    expect(view?.reports.size).toBe(2)
  })

  test('draws nothing any more once another took its place', async () => {
    const drawn: unknown[] = []
    await followTest(Promise.resolve(stream(fail('cancelled'))), {
      signal: new AbortController().signal,
      isCurrent: () => false,
      onEnd: () => drawn.push('end'),
      draw: change => drawn.push(change(null)),
    })
    expect(drawn).toHaveLength(1)
  })
})
