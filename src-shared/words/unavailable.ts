import type { UnavailableReason } from '../model/lookup.ts'

type Words = { readonly what: (server: string) => string; readonly next: string }

const tryLater = 'Look again in a few minutes.'
const otherServer = 'Look again, or choose another DNS server in the settings.'

/** What happened when a question got no usable answer, and what helps. None of these says that anything is wrong. */
const unavailableWords: Record<UnavailableReason, Words> = {
  timeout: { what: server => `no answer in time from ${server}`, next: tryLater },
  servfail: {
    what: server => `${server} could not get an answer itself (SERVFAIL)`,
    next: 'The nameservers of the domain, or their DNSSEC signatures, may be in trouble. Look again in a few minutes.',
  },
  refused: { what: server => `${server} refused to answer`, next: otherServer },
  'not-implemented': { what: server => `${server} does not know this kind of question`, next: otherServer },
  'format-error': { what: server => `${server} did not understand the question`, next: otherServer },
  'other-rcode': { what: server => `${server} answered with an error`, next: otherServer },
  malformed: { what: server => `the answer from ${server} could not be read`, next: otherServer },
  mismatched: { what: server => `${server} answered a different question`, next: otherServer },
  'too-large': { what: server => `the answer from ${server} is too large to read`, next: tryLater },
  'cname-loop': {
    what: server => `the aliases (CNAME records) that ${server} gave lead in a circle or too far`,
    next: 'Check the CNAME records of this name, then look again.',
  },
  'network-unreachable': {
    what: server => `there is no network route to ${server}`,
    next: 'Check the network connection, then look again.',
  },
  'connection-refused': {
    what: server => `nothing answers at ${server}`,
    next: 'Check that the server runs and its address is right, then look again.',
  },
  'connection-reset': { what: server => `${server} closed the connection`, next: tryLater },
  'no-server': {
    what: () => 'there is no DNS server to ask',
    next: 'Set a DNS server, or check the network connection.',
  },
  'port-blocked': {
    what: () => 'connections to mail servers (port 25) do not get out of this network',
    next: 'Many networks block them. It changes nothing for your mail; another network may show more.',
  },
  'not-asked': {
    what: () => 'it is switched off, or not to be reached from here',
    next: 'Look again with a network, or with this part of the check switched on.',
  },
  'not-in-zone': {
    what: server => `${server} does not hold this name`,
    next: 'Only the zones of the file are known here. Add the zone file of this name, or check the domain online.',
  },
  'zone-unreadable': {
    what: server => `the lines about this name in ${server} could not be read`,
    next: 'Mend the lines that are listed with the file, then audit it again.',
  },
  'not-in-snapshot': {
    what: server => `${server} holds no answer to this question`,
    next: 'It was not asked when the snapshot was made. Check the domain online.',
  },
  cancelled: { what: () => 'it was stopped before the answer came', next: 'Look again when you like.' },
}

function isReason(reason: string | null): reason is UnavailableReason {
  return reason !== null && Object.hasOwn(unavailableWords, reason)
}

export const nothingKnownWrong = 'Nothing is known to be wrong.'

/** One clause for a reason as it stands in a report, whatever is missing. */
export function unavailableClause(reason: string | null, server: string | null): string {
  const asked = server === null || server === '' ? 'the DNS server' : server
  return isReason(reason) ? unavailableWords[reason].what(asked) : `no usable answer from ${asked}`
}

/** `Could not look: no answer in time from 127.0.0.1:53. Nothing is known to be wrong.` */
export function unavailableSentence(reason: string | null, server: string | null): string {
  return `Could not look: ${unavailableClause(reason, server)}. ${nothingKnownWrong}`
}

/** What to do about it. */
export function unavailableNext(reason: string | null): string {
  return isReason(reason) ? unavailableWords[reason].next : tryLater
}
