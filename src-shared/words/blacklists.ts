import type {
  BlacklistReason,
  BlacklistWeight,
  DeniedReason,
  ListingState,
  ListResult,
  TargetRole,
} from '../model/blacklist.ts'
import type { ListedOn } from '../model/domain.ts'
import { listOf } from './phrases.ts'
import { nothingKnownWrong, unavailableClause } from './unavailable.ts'

export const listingStateWords: Record<ListingState, { name: string; gloss: string }> = {
  listed: { name: 'Listed', gloss: 'The list has an entry for it.' },
  'not-listed': { name: 'Not listed', gloss: 'The list works and has no entry for it.' },
  refused: { name: 'Refused', gloss: 'The list does not answer this DNS server, so nothing is known.' },
  tampering: {
    name: 'Answer made up',
    gloss: 'Something between here and the list changed the answer, so nothing is known.',
  },
  'dead-zone': { name: 'List is dead', gloss: 'The list is gone or no longer works, so it says nothing.' },
  unavailable: { name: 'Could not look', gloss: 'No usable answer came, so nothing is known to be wrong.' },
}

/** Why nothing is known, and what helps. */
const reasonWords: Record<BlacklistReason, { what: string; next: string }> = {
  'public-resolver': {
    what: 'The list refuses public DNS servers, and servers without a name of their own.',
    next: 'Use the DNS server of your provider or your own. For Spamhaus a free key (DQS) in the settings helps too.',
  },
  'too-many-queries': {
    what: 'The list says that this DNS server asks too much.',
    next: 'Use a DNS server of your own. For Spamhaus a key (DQS) in the settings helps too.',
  },
  'wrong-zone': {
    what: 'The list says that its name is misspelt.',
    next: 'Correct the list in the settings, or switch it off. A key that was typed wrongly looks the same.',
  },
  'query-refused': {
    what: 'The list refused the question.',
    next: 'Use the DNS server of your provider or your own; public ones are mostly refused.',
  },
  'answer-outside-loopback': {
    what: 'The answer is an address that no blacklist gives; a filter on the way put it there.',
    next: 'Let your DNS filter or ad blocker pass this list’s name, or use another DNS server.',
  },
  'resolver-rewrites': {
    what: 'The DNS server makes up answers for names that do not exist.',
    next: 'Use another DNS server, or have your provider switch off its search page.',
  },
  'loopback-one': {
    what: 'The answer is 127.0.0.1, which no list gives; an ad blocker often does.',
    next: 'Let your DNS filter pass this list’s name, or use another DNS server.',
  },
  parked: {
    what: 'The list’s name now belongs to a web page; the list itself is gone.',
    next: 'Switch this list off.',
  },
  'lists-everything': {
    what: 'The list has an entry even for what must never be listed.',
    next: 'Switch this list off; mail servers have stopped asking it.',
  },
  'test-entry-missing': {
    what: 'The list lacks the test entry that every working list has.',
    next: 'It may have closed, or your DNS server filters it. Switch it off if that stays so.',
  },
  'undocumented-code': {
    what: 'The list answered with a code it does not explain.',
    next: 'Look at the list’s own page.',
  },
  'registration-needed': {
    what: 'The list answers only DNS servers that are registered with it.',
    next: 'Register the address of your DNS server with the list (free), or switch it off.',
  },
  'no-test-entry': {
    what: 'The list did not name it, but has no test entry that would show that it works.',
    next: 'Nothing to do. An entry would be shown.',
  },
}

function isBlacklistReason(reason: string): reason is BlacklistReason {
  return Object.hasOwn(reasonWords, reason)
}

/** One or two sentences about a result: what the list says, or why it says nothing. */
export function listSentence(result: Pick<ListResult, 'state' | 'reason' | 'meaning' | 'codes'>): string {
  if (result.state === 'listed') return result.meaning ?? listingStateWords.listed.gloss
  if (result.state === 'not-listed') return result.meaning ?? listingStateWords['not-listed'].gloss
  const { reason } = result
  if (reason !== null && isBlacklistReason(reason)) return `${reasonWords[reason].what} ${nothingKnownWrong}`
  return `Could not look: ${unavailableClause(reason, null)}. ${nothingKnownWrong}`
}

/** What helps against an answer that says nothing; null when there is nothing to do. */
export function listNext(result: Pick<ListResult, 'state' | 'reason'>): string | null {
  const { reason } = result
  return reason !== null && isBlacklistReason(reason) ? reasonWords[reason].next : null
}

export const weightWords: Record<BlacklistWeight, string> = {
  0: 'For information',
  1: 'Minor',
  2: 'Noticeable',
  3: 'Widely used',
}

export const targetRoleWords: Record<TargetRole, string> = {
  asked: 'As asked',
  domain: 'The domain',
  'sending-ip': 'Sends mail, by your SPF record',
  'mx-ip': 'Takes mail; for information only',
}

export const sharedPoolSentence =
  'Shared pool, not actionable: many senders use this address, and only the provider can end a listing.'

export const deniedReasonWords: Record<DeniedReason, string> = {
  closed: 'it has closed',
  'lists-everything': 'it closed and then listed the whole Internet',
  merged: 'it is part of another list now',
  unmaintained: 'nobody has kept it up for years',
  paid: 'it answers paying customers alone',
  'wrong-kind': 'it is no list of senders of spam',
}

/** What one list takes from the health score, and for what. */
export function listingPointsLine({ name, targets, points }: ListedOn): string {
  const what = `listed on ${name}: ${listOf(targets, 3)}`
  return points > 0 ? `−${points} ${what}` : `No more points for a further list: ${what}`
}
