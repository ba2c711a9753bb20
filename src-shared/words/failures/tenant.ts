import type { FailureCode, FailureDetail } from '../../failure.ts'
import { countOf } from '../phrases.ts'
import { always, type FailureWords, text } from './words.ts'

export type TenantFailure = Extract<FailureCode, `tenant-${string}`>

function server(detail: FailureDetail): string {
  return text(detail, ['host'], '') || 'The tenant API'
}

/** The server's own words, where it said any. */
function reason(detail: FailureDetail): string {
  // The sentence around it ends with a full stop of its own.
  const said = text(detail, ['reason'], '').replace(/[.\s]+$/, '')
  return said === '' ? '' : `: “${said}”`
}

const notAllowed: Readonly<Record<string, { title: string; next: string }>> = {
  'not-a-url': {
    title: 'This is not the address of a tenant API.',
    next: 'Give it whole, such as https://api.example.com.',
  },
  'plain-http': {
    title: 'The tenant API is asked over https, or on this machine alone.',
    next: 'Begin the address with https. Plain http would show your token to everybody on the way.',
  },
  credentials: {
    title: 'There is a user name or a password in the address of the tenant API.',
    next: 'Leave out what stands before the @ sign; the token goes into a field of its own.',
  },
  query: {
    title: 'There is a question mark or a hash sign in the address of the tenant API.',
    next: 'Leave it out, with everything after it.',
  },
  'tenant-id': {
    title: 'This is not a tenant id.',
    next: 'Copy it from the page of the tenant; it has no spaces.',
  },
}

const unreachable: Readonly<Record<string, string>> = {
  'no-address': 'its name has no address',
  'name-unavailable': 'its name could not be looked up',
  refused: 'nothing listens there',
  reset: 'the connection was cut',
  network: 'the network gives no way to it',
  blocked: 'something on this machine forbids it',
  tls: 'no encrypted connection came about',
  proxy: 'the proxy did not let the connection through',
}

const certificates: Readonly<Record<string, string>> = {
  expired: 'has expired',
  'not-yet-valid': 'is not valid yet',
  name: 'belongs to another name',
  untrusted: 'comes from an authority this machine does not know',
}

const broken: Readonly<Record<string, string>> = {
  'content-type': 'a page instead of data',
  encoding: 'text that cannot be read',
  json: 'data that breaks off or is damaged',
  depth: 'data nested without end',
  changing: 'a list that changed each time it was read',
  'too-many': 'more domains than can be read',
  'empty-page': 'a list that never comes to its end',
}

function brokenTitle(detail: FailureDetail): string {
  const problem = text(detail, ['problem'], '')
  const field = text(detail, ['field'], '')
  if (problem === 'status')
    return `${server(detail)} answered with status ${text(detail, ['status'], 'unknown')}.`
  if (field !== '') return `${server(detail)} gave an answer whose “${field}” cannot be used.`
  return `${server(detail)} answered with ${broken[problem] ?? 'something that cannot be used'}.`
}

function wait(detail: FailureDetail): string {
  const waitMs = detail['retryAfterMs']
  if (typeof waitMs !== 'number' || !(waitMs > 0)) return 'in a while'
  const seconds = Math.ceil(waitMs / 1_000)
  return `in ${seconds < 120 ? countOf(seconds, 'second') : countOf(Math.ceil(seconds / 60), 'minute')}`
}

/** So many are missing there at once that nothing was removed here. */
function lostThere(detail: FailureDetail): string | null {
  const { missing, known } = detail
  if (typeof missing !== 'number' || typeof known !== 'number') return null
  return `${server(detail)} has lost ${missing} of ${countOf(known, 'domain')} at once.`
}

export const tenantFailureWords: Record<TenantFailure, FailureWords> = {
  'tenant-not-connected': {
    title: always('No tenant API is connected.'),
    next: always('Connect one in Settings, or go on without: everything else works.'),
  },
  'tenant-address-not-allowed': {
    title: detail => (notAllowed[text(detail, ['reason'], '')] ?? notAllowed['not-a-url'])?.title ?? '',
    next: detail => (notAllowed[text(detail, ['reason'], '')] ?? notAllowed['not-a-url'])?.next ?? '',
  },
  'tenant-unreachable': {
    title: detail => {
      const cause = unreachable[text(detail, ['cause'], '')]
      return `${server(detail)} could not be reached${cause === undefined ? '' : `: ${cause}`}.`
    },
    next: always('Nothing is lost: your changes wait here, and it is tried again by itself.'),
  },
  'tenant-timed-out': {
    title: detail => {
      const seconds = detail['seconds']
      return typeof seconds === 'number' && seconds >= 1
        ? `${server(detail)} gave no whole answer in ${countOf(seconds, 'second')}.`
        : `${server(detail)} gave no whole answer in time.`
    },
    next: always('Nothing is lost: your changes wait here, and it is tried again by itself.'),
  },
  'tenant-certificate': {
    title: detail =>
      `The certificate of ${text(detail, ['host'], 'the tenant API')} ${certificates[text(detail, ['problem'], '')] ?? 'is not valid'}.`,
    cause: 'Without a valid one nobody can tell who is at the other end, so nothing was sent.',
    next: always('Check the address and the clock of this machine, or tell whoever runs the server.'),
  },
  'tenant-redirected': {
    title: detail => `The tenant API wants to send us on to ${text(detail, ['to'], 'another server')}.`,
    cause: 'Your token belongs to the server you named, so it was not taken along.',
    next: always('If that is the right address now, change it in Settings.'),
  },
  'tenant-unauthorised': {
    title: detail => `${server(detail)} does not accept the token${reason(detail)}.`,
    cause: 'It was mistyped, was withdrawn, or has expired.',
    next: always('Enter a new token in Settings. Your changes wait here.'),
  },
  'tenant-forbidden': {
    title: detail => `${server(detail)} does not allow this${reason(detail)}.`,
    next: always('Check the tenant id, and what the token may do.'),
  },
  'tenant-not-found': {
    title: detail => lostThere(detail) ?? `${server(detail)} does not know this${reason(detail)}.`,
    next: detail =>
      lostThere(detail) === null
        ? 'It may have been deleted there. The next synchronisation tells.'
        : 'Nothing was removed here. Try again to add it there anew, give it up to keep it here alone, or delete it here too. First see that the tenant ID and the token are the right ones.',
  },
  'tenant-conflict': {
    title: detail => `${text(detail, ['name'], 'This domain')} is there already.`,
    next: always('The two are joined at the next synchronisation.'),
  },
  'tenant-stale': {
    title: detail => `${text(detail, ['name'], 'This')} was changed there in the meantime.`,
    next: always('The next synchronisation brings both together.'),
  },
  'tenant-refused': {
    title: detail => `${server(detail)} refused this${reason(detail)}.`,
    next: always('Change what it objects to and try again, or discard the change.'),
  },
  'tenant-rate-limited': {
    title: detail => `${server(detail)} takes no more requests for now.`,
    next: detail => `The rest goes on by itself ${wait(detail)}.`,
  },
  'tenant-server-error': {
    title: detail => `${server(detail)} has trouble itself (status ${text(detail, ['status'], 'unknown')}).`,
    next: always('Nothing is lost: your changes wait here, and it is tried again by itself.'),
  },
  'tenant-answer-broken': {
    title: brokenTitle,
    next: always('Check the address. If it is right, tell whoever runs the server.'),
  },
  'tenant-answer-too-large': {
    title: detail => `${server(detail)} sent more than is read of one answer.`,
    next: always('Check the address. If it is right, tell whoever runs the server.'),
  },
}
