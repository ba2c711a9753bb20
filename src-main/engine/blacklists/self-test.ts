import type { BlacklistKind, SelfTest } from '#shared/model/blacklist.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { madeUp, needsControl, readAddresses } from './interpret.ts'
import type { ActiveList } from './lists.ts'
import { queryName, testNames } from './query.ts'

/** A test that passed is good for this long; one that did not is made again sooner, because what stood in its way may go. */
const passedForMs = 24 * 60 * 60_000
const failedForMs = 60 * 60_000
/** No answer at all may be a moment's trouble. */
const unavailableForMs = 5 * 60_000

export type SelfTests = {
  /** The last test of this list, kind and resolver, or null. */
  read(list: ActiveList, kind: BlacklistKind): SelfTest | null
  keep(list: ActiveList, test: SelfTest): void
}

export type TestAsk = (name: string) => Promise<Lookup<'A'>>

/**
 * Tests one list as RFC 5782 §5 says: the entry that must be listed is, the one that must not is not. Asks one or two
 * questions through `ask`, and `rewrites` only when an answer wants explaining. Pure apart from those.
 */
export async function testList(
  list: ActiveList,
  kind: BlacklistKind,
  ask: TestAsk,
  rewrites: () => Promise<boolean | null>,
): Promise<Pick<SelfTest, 'state' | 'reason'>> {
  const names = testNames(list, kind)
  const listed = names.listed === null ? null : await ask(queryName(list, names.listed))
  if (listed !== null) {
    const trouble = await readPositive(list, listed, rewrites)
    if (trouble !== null) return trouble
  }
  const clean = await ask(queryName(list, names.clean))
  const trouble = await readNegative(list, clean, rewrites)
  if (trouble !== null) return trouble
  return { state: 'passed', reason: listed === null ? 'no-test-entry' : null }
}

type Trouble = Pick<SelfTest, 'state' | 'reason'>
type Rewrites = () => Promise<boolean | null>

async function readPositive(
  list: ActiveList,
  answer: Lookup<'A'>,
  rewrites: Rewrites,
): Promise<Trouble | null> {
  if (answer.state === 'unavailable') return { state: 'unavailable', reason: answer.reason }
  if (answer.state === 'absent') {
    return list.needsRegistration === true
      ? { state: 'unavailable', reason: 'registration-needed' }
      : { state: 'dead-zone', reason: 'test-entry-missing' }
  }
  const said = readAddresses(list, answer.values)
  if (said.kind === 'refused') return { state: 'refused', reason: said.reason }
  if (said.kind === 'outside') return madeUp(said.local, needsControl(answer) ? await rewrites() : null)
  // Also where a list has a meaning for 127.0.0.1: its test entry is 127.0.0.2.
  if (answer.values.every(value => value === '127.0.0.1'))
    return { state: 'tampering', reason: 'loopback-one' }
  // A test entry may have a code of its own.
  return null
}

async function readNegative(
  list: ActiveList,
  answer: Lookup<'A'>,
  rewrites: Rewrites,
): Promise<Trouble | null> {
  if (answer.state === 'unavailable') return { state: 'unavailable', reason: answer.reason }
  if (answer.state === 'absent') return null
  const said = readAddresses(list, answer.values)
  if (said.kind === 'refused') return { state: 'refused', reason: said.reason }
  if (said.kind === 'outside') return madeUp(said.local, needsControl(answer) ? await rewrites() : null)
  const harmless = said.kind === 'entry' && said.says !== 'listed'
  if (list.exemptFromNegativeTest === true && harmless) return null
  return said.kind === 'loopback-one'
    ? { state: 'tampering', reason: 'loopback-one' }
    : { state: 'dead-zone', reason: 'lists-everything' }
}

/** Whether a kept test still says something at `now`. */
export function isCurrent(test: SelfTest, now: number): boolean {
  const ageMs = now - test.testedAt
  const goodForMs =
    test.state === 'passed' ? passedForMs : test.state === 'unavailable' ? unavailableForMs : failedForMs
  return ageMs >= 0 && ageMs < goodForMs
}
