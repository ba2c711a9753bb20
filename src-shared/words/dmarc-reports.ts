import type {
  FileOutcome,
  MailboxReading,
  ReportRefusal,
  ReportSource,
  Sender,
  SourceLine,
  SourceVerdict,
} from '../model/dmarc-report.ts'
import { clip, countOf, listOf } from './phrases.ts'

type RefusalFacts = Readonly<Record<string, string | number>>

/** Why a file was not read, in a sentence. */
export const refusalWords: Record<ReportRefusal, (facts: RefusalFacts) => string> = {
  empty: () => 'There is nothing in it.',
  'file-too-large': facts => `It is larger than ${facts['megabytes'] ?? 10} MB; no report is.`,
  'not-a-report': () => 'It is no DMARC report.',
  'gzip-damaged': () => 'The gzip file is damaged or was cut off. Fetch it again.',
  'zip-damaged': () => 'The ZIP file is damaged or was cut off. Fetch it again.',
  'zip-encrypted': () => 'It is encrypted; reports never are.',
  'zip-method': () => 'It is packed in a way that no reporter uses.',
  'zip-64': () => 'It is a ZIP file for huge contents; no report needs that.',
  'too-many-entries': facts =>
    `It holds ${facts['count'] ?? 'too many'} files; up to ${facts['most'] ?? 200} are read at once.`,
  'archive-in-archive': () => 'It is an archive inside an archive. Unpack it once, then open what is in it.',
  'inflates-too-far': facts =>
    `It would unpack to more than ${facts['times'] ?? 200} times its size, as no report does. It was not unpacked.`,
  'inflated-too-large': facts =>
    `It would unpack to more than ${facts['megabytes'] ?? 10} MB. It was not unpacked further.`,
  'mail-unreadable': () => 'The message is nested or built in a way that cannot be read.',
  'mail-without-report': () => 'The message has no report attached.',
  'has-doctype': () => 'It defines a document type, which no report does. It was not read.',
  'too-deep': () => 'Its elements are nested deeper than those of any report.',
  'xml-damaged': () => 'Its XML is damaged or was cut off. Fetch it again.',
  'encoding-unknown': () => 'It is written in an encoding that is not known here.',
  'domain-missing': () => 'It does not say which domain it is about.',
  'id-missing': () => 'It has no report ID, so a second copy of it could not be told.',
  'dates-unusable': () => 'Its period is missing, turned round, too long or in the future.',
  'no-records': () => 'There is no usable record in it.',
  'too-many-records': facts => `It has more records than the ${facts['most'] ?? 20_000} that are read.`,
  'too-old': () => 'It is older than the thirteen months that reports are kept.',
  'not-on-list': facts =>
    `It is about ${facts['domain'] ?? 'a domain'}, which is not on your list. Add the domain, then open it again.`,
}

/** What became of one report of a file, in a sentence. */
export function outcomeLine(outcome: FileOutcome): string {
  switch (outcome.state) {
    case 'read':
      return `Read: ${messageCount(outcome.messages)} of ${outcome.domain}, reported by ${clip(outcome.organisation, 60)}.${outcome.leftOut > 0 ? ` ${countOf(outcome.leftOut, 'record')} could not be read.` : ''}`
    case 'duplicate':
      return `Was read before: report ${clip(outcome.reportId, 60)} of ${clip(outcome.organisation, 60)}. Nothing was counted again.`
    default:
      return refusalWords[outcome.code](outcome.facts)
  }
}

export function outcomeName({ file, part }: Pick<FileOutcome, 'file' | 'part'>): string {
  return part === null || part === file ? file : `${file}: ${part}`
}

export const verdictNames: Record<SourceVerdict, string> = {
  aligned: 'Passes',
  'aligned-by-spf': 'Passes by SPF alone',
  'aligned-by-dkim': 'Passes by DKIM alone',
  forwarded: 'Passed on',
  'forwarded-changed': 'Passed on and changed',
  'dkim-other-domain': 'Signed for another domain',
  'spf-other-domain': 'Vouched for by another domain',
  'dkim-fails': 'DKIM fails',
  'spf-fails': 'SPF fails',
  nothing: 'Nobody vouches',
  'could-not-check': 'Could not be checked',
}

/** How each is marked: what needs somebody, what could be better, what is well, and what tells nothing. */
export const verdictMarks: Record<SourceVerdict, 'pass' | 'warn' | 'fail' | 'unavailable' | 'none'> = {
  aligned: 'pass',
  'aligned-by-spf': 'warn',
  'aligned-by-dkim': 'pass',
  forwarded: 'none',
  'forwarded-changed': 'none',
  'dkim-other-domain': 'fail',
  'spf-other-domain': 'fail',
  'dkim-fails': 'fail',
  'spf-fails': 'fail',
  nothing: 'fail',
  'could-not-check': 'unavailable',
}

const names = (line: SourceLine, fallback: string) =>
  line.domains.length === 0 ? fallback : listOf(line.domains, 2)

/** What a verdict means and what to do, in one or two sentences. */
export const verdictWords: Record<SourceVerdict, (line: SourceLine) => string> = {
  aligned: () => 'SPF and DKIM pass for your domain. Nothing to do.',
  'aligned-by-spf': () =>
    'Only SPF passes for your domain, and that ends when somebody passes the mail on. Sign with DKIM for your own domain, too.',
  'aligned-by-dkim': line =>
    line.domains.length === 0
      ? 'DKIM passes for your domain, and that is enough. SPF does not count.'
      : `DKIM passes for your domain, and that is enough. The envelope sender is ${names(line, '')}: a service, or somebody who passes mail on.`,
  forwarded: () =>
    'SPF fails and DKIM passes: usually mail that a recipient has passed on. Nothing to do, unless the address is a server of yours; then add it to SPF.',
  'forwarded-changed': () =>
    'The receiver says that a mailing list or a forwarder sent it on, and changed it on the way. Nothing to do on your side.',
  'dkim-other-domain': line =>
    `DKIM passes for ${names(line, 'another domain')}, which is not the domain in From. If you use this service, have it sign with your own domain.`,
  'spf-other-domain': line =>
    `SPF passes for ${names(line, 'another domain')}, which is not the domain in From, and there is no signature that counts. If you use this service, have it sign with your own domain.`,
  'dkim-fails': line =>
    `The signature for your domain${line.selectors.length === 0 ? '' : ` (selector ${listOf(line.selectors, 2)})`} does not hold, and SPF does not pass. Check the key under that selector; a mail that was changed on the way fails, too.`,
  'spf-fails': line =>
    `The address is not in the SPF record of ${names(line, 'your domain')}, and no signature counts. If it is yours, add it to SPF and sign; otherwise it is forged, and a stricter policy stops it.`,
  nothing: () =>
    'Neither SPF nor DKIM passes for anyone. If you do not know this sender, the mail is forged, and a stricter policy stops it.',
  'could-not-check': () =>
    'The receiver could not look up SPF or DKIM. If it happens often, look at your nameservers.',
}

export function senderName({ kind, name }: Sender): string {
  return kind === 'domain' ? `Somebody at ${name}` : name
}

export const senderKindWords: Record<Sender['kind'], string> = {
  service: 'Known service',
  domain: 'By the domain that passed',
  address: 'Only the address is known',
}

/** The line that needs somebody first; every source has one. */
export function firstLine(source: ReportSource): SourceLine {
  const [first] = source.lines
  if (first === undefined) throw new Error('A source has at least one line.')
  return first
}

/** `98.4 %`; never 100 when something is missing, and never 0 when something is there. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–'
  const share = (part / whole) * 100
  if (part > 0 && share < 0.1) return '< 0.1 %'
  if (part < whole && share > 99.9) return '> 99.9 %'
  return `${share.toFixed(share === 0 || share === 100 ? 0 : 1)} %`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** `22 Nov 2026` of `2026-11-22`. */
export function dayName(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`))
}

/** `1,991 messages`. */
export function messageCount(count: number): string {
  return countOf(count, 'message').replace(/^\d+/, count.toLocaleString('en'))
}

/** What receivers did with the mail of a source. */
export function dispositionLine({ messages, quarantined, rejected }: ReportSource): string {
  const parts = [
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} refused`] : []),
    ...(quarantined > 0 ? [`${quarantined.toLocaleString('en')} to spam`] : []),
  ]
  const rest = messages - quarantined - rejected
  if (parts.length === 0) return 'Delivered'
  return [...(rest > 0 ? [`${rest.toLocaleString('en')} delivered`] : []), ...parts].join(', ')
}

/** How the last reading of a mailbox ended, when it reached the folder. */
export function readingLine(last: Extract<MailboxReading, { state: 'read' }>): string {
  const { reports, duplicates, refusedCount, left } = last
  const parts = [
    reports === 0 ? 'No new report' : countOf(reports, 'new report'),
    ...(duplicates > 0 ? [`${countOf(duplicates, 'copy', 'copies')} of earlier ones`] : []),
    ...(refusedCount > 0 ? [`${countOf(refusedCount, 'attachment')} not read`] : []),
    ...(left > 0 ? [`${countOf(left, 'message')} left to look at`] : []),
  ]
  return `${parts.join(', ')}.`
}
