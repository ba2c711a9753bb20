import type { BlacklistReport, ListingState, ListResult, TargetResult } from '#shared/model/blacklist.ts'
import { listingStateWords, listNext, listSentence, weightWords } from '#shared/words/blacklists.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exitCodes } from './exit-code.ts'
import { type Colour, hanging } from './layout.ts'
import { printable } from './printable.ts'
import type { ReportStyle } from './report.ts'

/** From this weight on a listing sets the exit code. */
const harmfulWeight = 2

/** The object that `--json` prints for one target. Scripts rely on these fields; docs/cli.md is their reference. */
export function blacklistRecord({ target, kind, lists }: TargetResult): object {
  return {
    target,
    kind,
    lists: lists.map(({ zone, state, codes, meaning, reason, text, delistUrl, weight }) => ({
      zone,
      state,
      codes,
      meaning,
      reason: state === 'listed' ? text : reason,
      delistUrl,
      weight,
    })),
  }
}

/**
 * 1 when something is listed with weight 2 or more, which is certain whatever else is open; otherwise 3 when a list that
 * works could not be asked or believed. A dead list leaves nothing open, and neither do those of `expectedSilences`.
 */
export function blacklistExitCode({ targets }: Pick<BlacklistReport, 'targets'>): number {
  const all = targets.flatMap(({ lists }) => lists)
  if (all.some(isHarmful)) return exitCodes.findings
  return all.some(isOpen) ? exitCodes.incomplete : exitCodes.clean
}

/** They stay so for most who ask, and would leave no run clean. */
const expectedSilences: readonly (string | null)[] = ['registration-needed', 'no-test-entry']

function isHarmful({ state, weight }: ListResult): boolean {
  return state === 'listed' && weight >= harmfulWeight
}

function isOpen({ state, reason }: ListResult): boolean {
  if (state === 'refused' || state === 'tampering') return true
  return state === 'unavailable' && !expectedSilences.includes(reason)
}

const looks: Record<ListingState, { mark: string; colour: Colour }> = {
  listed: { mark: '✗', colour: 'red' },
  'not-listed': { mark: '✓', colour: 'green' },
  refused: { mark: '–', colour: 'blue' },
  tampering: { mark: '–', colour: 'blue' },
  'dead-zone': { mark: '–', colour: 'blue' },
  unavailable: { mark: '–', colour: 'blue' },
}

/** What a person reads about one target: every listing in full, the rest by state. Ends with a blank line. */
export function blacklistTable({ target, lists }: TargetResult, { paint, width }: ReportStyle): string {
  const listed = lists.filter(({ state }) => state === 'listed')
  const clean = lists.filter(({ state }) => state === 'not-listed')
  const open = lists.filter(({ state }) => state !== 'listed' && state !== 'not-listed')
  const zoneWidth = Math.max(4, ...lists.map(({ zone }) => zone.length)) + 2
  const line = (result: ListResult, text: string) => {
    const { mark, colour } = looks[result.state]
    const state = listingStateWords[result.state].name.padEnd(16)
    const heading = `  ${paint(colour, mark)} ${result.zone.padEnd(zoneWidth)}${paint(colour, state)}`
    return hanging(heading, 4 + zoneWidth + 16, printable(text), width)
  }
  const rows = [
    ...listed.map(result => {
      const words = [listSentence(result), result.text, result.delistUrl].filter(text => text !== null)
      return line(result, `${words.join(' ')} (${weightWords[result.weight].toLowerCase()})`)
    }),
    ...open.map(result => line(result, [listSentence(result), listNext(result)].filter(Boolean).join(' '))),
    ...clean.filter(({ meaning }) => meaning !== null).map(result => line(result, listSentence(result))),
  ]
  const plain = clean.filter(({ meaning }) => meaning === null)
  if (plain.length > 0) {
    const zones = plain.map(({ zone }) => zone).join(', ')
    rows.push(hanging(`  ${paint('green', '✓')} `, 4, `Not listed: ${zones}`, width))
  }
  const summary = `${listed.length} of ${countOf(lists.length, 'list')}`
  const title = `${paint('bold', printable(target))}  ${paint(listed.length > 0 ? 'red' : 'dim', summary)}`
  return `${[title, ...rows].join('\n')}\n\n`
}
