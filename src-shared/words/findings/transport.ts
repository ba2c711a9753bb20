import type { FindingCode } from '../../model/finding.ts'
import { countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import type { FindingWords } from './words.ts'

type CodesOf<Check extends string> = Extract<FindingCode, `${Check}.${string}`>

const manyRecords = (facts: Facts, what: string) => {
  const count = factNumber(facts, 'count')
  return `${count === null ? `There is more than one ${what}` : `There are ${countOf(count, what)}`}${factPhrase(facts, 'name', ' at ')}`
}
const server = (facts: Facts) => `The mail server ${factText(facts, 'host', 'that MX names', 60)}`

/** How mail travels to the domain: MTA-STS, TLS reports, encryption, DANE. */
export const transportWords: Record<CodesOf<'mta-sts' | 'tls-rpt' | 'tls' | 'dane'>, FindingWords> = {
  'mta-sts.multiple': {
    title: facts => `${manyRecords(facts, 'MTA-STS record')}, so none of them counts.`,
    why: 'Senders then act as if you had not asked for encryption at all.',
    fix: () => 'Keep the one with the newest id and delete the others.',
  },
  'mta-sts.record-invalid': {
    title: facts =>
      `The MTA-STS record cannot be used: ${reasonClause('mtaSts', facts, 'it cannot be read')}.`,
    why: 'Senders skip it and act as if you had not asked for encryption at all.',
    fix: () => 'Write it as v=STSv1; id=20260101 with letters and digits of your own as the id.',
  },
  'mta-sts.policy-unreachable': {
    title: facts =>
      `The MTA-STS policy at ${factText(facts, 'host', 'its host', 60)} cannot be had: ${pageClause(facts)}.`,
    why: 'The record promises a policy; senders that cannot read it go without, and the protection is gone.',
    fix: facts =>
      `Serve it as plain text at https://${factText(facts, 'host', 'mta-sts.example.com', 100)}/.well-known/mta-sts.txt with a valid certificate and no redirect, or delete the record.`,
  },
  'mta-sts.policy-invalid': {
    title: facts =>
      `The MTA-STS policy is void: ${reasonClause('mtaStsPolicy', facts, 'it cannot be read')}.`,
    why: 'Senders discard such a policy, or keep an older one that no longer fits.',
    fix: facts =>
      `It has the lines version: STSv1, mode:, max_age: and one mx: for each mail server.${factPhrase(facts, 'line', ' Correct “', '”.')}`,
  },
  'mta-sts.mx-not-covered': {
    title: facts => {
      const hosts = factList(facts, 'hosts')
      const names = hosts.length === 0 ? 'a mail server' : listOf(hosts, 2)
      return `The MTA-STS policy does not name ${names}.`
    },
    why: 'While the policy is enforced, senders such as Gmail and Microsoft do not bring mail to a server it does not name.',
    fix: facts =>
      `Add a line mx: ${factList(facts, 'hosts')[0] ?? 'mail.example.com'} for it to the policy, then give the TXT record a new id.`,
  },
  'mta-sts.max-age-short': {
    title: facts =>
      `The MTA-STS policy is kept for ${factText(facts, 'maxAgeS', 'too few')} seconds, less than a day.`,
    why: 'A sender that writes once a day finds no policy to go by, and an attacker only has to wait.',
    fix: () => 'Set max_age to 604800 (a week) or more.',
  },
  'mta-sts.testing': {
    title: () => 'The MTA-STS policy is only tested (mode: testing).',
    why: 'Mail still travels unencrypted when somebody in between wants it so.',
    fix: () => 'When the TLS reports show no failures, set mode: enforce and give the TXT record a new id.',
  },
  'tls-rpt.multiple': {
    title: facts => `${manyRecords(facts, 'TLS reporting record')}, so none of them counts.`,
    why: 'No sender tells you when it could not encrypt.',
    fix: () => 'Keep one record; it may name several addresses, separated by commas.',
  },
  'tls-rpt.record-invalid': {
    title: facts =>
      `The TLS reporting record cannot be used: ${reasonClause('tlsRpt', facts, 'it cannot be read')}.`,
    why: 'No sender tells you when it could not encrypt.',
    fix: () => 'Write it as v=TLSRPTv1; rua=mailto:tls@example.com with an address that you read.',
  },
  'tls.not-offered': {
    title: facts =>
      factText(facts, 'reason', '') === 'handshake'
        ? `${server(facts)} offers encryption, but it fails.`
        : `${server(facts)} offers no encryption (STARTTLS).`,
    why: 'Mail to you can be read and changed on the way, and some senders do not deliver without.',
    fix: () => 'Turn STARTTLS on at the mail server, with a certificate for its name.',
  },
  'tls.certificate-invalid': {
    title: facts =>
      `${server(facts)} shows a certificate that ${reasonClause('certificate', facts, 'is not valid')}.`,
    why: 'Senders that insist on encryption, as MTA-STS asks them to, do not deliver to it.',
    fix: facts =>
      `Install a certificate for ${factText(facts, 'host', 'its name', 100)} from an authority that browsers know; many hand them out for nothing.`,
  },
  'tls.certificate-expires-soon': {
    title: facts => {
      const days = factNumber(facts, 'days')
      return `The certificate of ${factText(facts, 'host', 'a mail server', 60)} ends ${days === null ? 'soon' : `in ${countOf(days, 'day')}`}.`
    },
    why: 'From then on senders that insist on a valid certificate do not deliver.',
    fix: () => 'Renew it now, and let the server renew it by itself from here on.',
  },
  'tls.old-version': {
    title: facts =>
      `${server(facts)} encrypts with an outdated version${factPhrase(facts, 'protocol', ' (', ')')}.`,
    why: 'Versions below TLS 1.2 are broken, and more and more senders refuse them.',
    fix: () => 'Let the mail server offer TLS 1.2 and 1.3 and switch the older ones off.',
  },
  'dane.unsigned': {
    title: facts =>
      `There are TLSA records for ${factText(facts, 'host', 'a mail server', 60)}, but its zone is not signed.`,
    why: 'Without DNSSEC nobody may trust them, so they have no effect.',
    fix: () => 'Sign the zone of the mail server with DNSSEC, or delete the TLSA records.',
  },
  'dane.usage': {
    title: facts =>
      `The TLSA records for ${factText(facts, 'host', 'a mail server', 60)} have a usage that mail does not use${factPhrase(facts, 'usages', ' (', ')')}.`,
    why: 'Mail servers go by usage 2 and 3 only and skip the others.',
    fix: () => 'Publish records that begin with 3 1 1, made from the key of the server’s certificate.',
  },
  'dane.mismatch': {
    title: facts =>
      `No TLSA record fits the certificate that ${factText(facts, 'host', 'the mail server', 60)} shows.`,
    why: 'Senders that use DANE refuse to deliver until it fits again; their mail waits and then comes back.',
    fix: facts =>
      `Publish a TLSA record for the present certificate at ${factText(facts, 'name', 'the name of the mail server', 100)}, and before each renewal the next one beside it.`,
  },
  'dane.single-record': {
    title: facts =>
      `There is one TLSA record for ${factText(facts, 'host', 'a mail server', 60)}, so a new key has to fit it at once.`,
    why: 'Between the change of the key and that of the record nobody who uses DANE can deliver.',
    fix: () => 'Before the key changes, publish a second TLSA record for the next one.',
  },
}

/** Why a page could not be had, as a clause. */
export function pageClause(facts: Facts): string {
  const reason = factText(facts, 'reason', '')
  if (reason === 'status')
    return `its server answers with status ${factText(facts, 'detail', 'other than 200', 12)}`
  return reasonClause('page', facts, 'its server does not hand it out')
}
