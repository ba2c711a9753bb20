import type {
  DiscoveryCandidate,
  DiscoverySource,
  DistrustReason,
  LoginMethod,
  SourceOutcome,
} from '../model/discovery.ts'
import type { HttpsFault } from '../model/exchange.ts'
import { unavailableClause } from './unavailable.ts'

/** Where settings come from: what a badge says, and what the source is called in a sentence. */
export const discoverySourceWords: Record<DiscoverySource, { readonly name: string; readonly what: string }> =
  {
    preset: { name: 'Known provider', what: 'the list of known providers' },
    mx: { name: 'Mail servers', what: 'the mail servers of the domain (MX)' },
    autodiscover: { name: 'Autodiscover', what: 'the autodiscover name of the domain' },
    srv: { name: 'Service records', what: 'the service records of the domain (SRV)' },
    autoconfig: { name: 'Published settings', what: 'the settings the domain publishes (autoconfig)' },
    bundled: { name: 'Built-in list', what: 'the built-in list of mail settings' },
    guess: { name: 'Tried out', what: 'the usual server names' },
  }

const distrustWords: Record<DistrustReason, string> = {
  'other-organisation':
    'These servers belong to somebody else, and mail for the domain does not go there. Use them only if you know them.',
  certificate:
    'The certificate there is not good for this name. Whoever answers may not be your mail server.',
  'not-encrypted': 'The password would travel unencrypted.',
  'one-server-only': 'Only the server for sending was found.',
}

export const loginMethodWords: Record<LoginMethod, string> = {
  password: 'Password',
  'app-password': 'App password',
  oauth: 'Sign in with the provider',
}

type OwnReason = Exclude<SourceOutcome['reason'], null> &
  (
    | 'not-offered'
    | 'status'
    | 'has-doctype'
    | 'too-deep'
    | 'not-xml'
    | 'not-autoconfig'
    | 'no-servers'
    | HttpsFault
  )

const faultWords: Record<Exclude<OwnReason, 'too-large' | 'malformed'>, string> = {
  'not-offered': 'the domain says that it offers no such service',
  status: 'the page answered with an error',
  'has-doctype': 'the page holds a document type, which such a page never needs',
  'too-deep': 'the page is nested deeper than any real one',
  'not-xml': 'the page cannot be read as XML',
  'not-autoconfig': 'the page is something else',
  'no-servers': 'the page names no server that can be used',
  'no-address': 'there is no such host',
  'certificate-expired': 'the certificate of the page has expired',
  'certificate-not-yet-valid': 'the certificate of the page is not valid yet',
  'certificate-name': 'the certificate of the page is for another name',
  'certificate-untrusted': 'nobody known vouches for the certificate of the page',
  'certificate-invalid': 'the certificate of the page is not valid',
  'tls-failed': 'no encrypted connection to the page could be made',
  redirected: 'the page leads on too often',
}
const isFault = (reason: string): reason is keyof typeof faultWords => Object.hasOwn(faultWords, reason)

/** `Nothing in the service records of the domain (SRV).`, `Could not look at …: no answer in time …`. */
export function sourceSentence({ source, state, reason }: SourceOutcome): string {
  const { what } = discoverySourceWords[source]
  if (state === 'found') return `Found in ${what}.`
  if (state === 'skipped') return `Not needed: ${what}.`
  if (state === 'unavailable') {
    const why = reason !== null && isFault(reason) ? faultWords[reason] : unavailableClause(reason, null)
    return `Could not look at ${what}: ${why}.`
  }
  if (reason === null) return `Nothing in ${what}.`
  const why = isFault(reason)
    ? faultWords[reason]
    : reason === 'too-large'
      ? 'the page is too large'
      : 'the page cannot be read'
  return `Nothing that can be used in ${what}: ${why}.`
}

/** Whether and why a candidate is taken, in one sentence. */
export function candidateSentence({ source, from, distrust }: DiscoveryCandidate): string {
  return `${discoverySourceWords[source].name}: ${candidatePlace({ from, distrust })}`
}

/** Where the settings were found, and why they are not trusted, beside the name of the source. */
export function candidatePlace({ from, distrust }: Pick<DiscoveryCandidate, 'from' | 'distrust'>): string {
  return distrust === null ? `${from}.` : `${from}. ${distrustWords[distrust]}`
}
