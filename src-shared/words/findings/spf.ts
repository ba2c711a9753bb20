import type { FindingCode } from '../../model/finding.ts'
import { clip, countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import { spfCareWords } from './spf-care.ts'
import type { FindingWords } from './words.ts'

const brokenRecord =
  'Receivers treat the whole record as broken, as if none of your servers were allowed to send.'

/** Names the record when it is reached through others, because the person may not own that one. */
const through = (facts: Facts) => {
  const via = factList(facts, 'via')
  return via.length > 1 ? ` in the record of ${clip(via.at(-1) ?? '', 40)}` : ''
}
const notYours = 'If the record is not your own, ask its owner, or stop referring to it.'

export const spfWords: Record<Extract<FindingCode, `spf.${string}`>, FindingWords> = {
  ...spfCareWords,
  'spf.missing': {
    title: () => 'There is no SPF record, the list of servers that may send for this domain.',
    why: 'Receivers cannot tell your mail from a forgery, so they filter or refuse it; Gmail and Yahoo require SPF or DKIM from every sender.',
    fix: () =>
      'Publish one TXT record at the domain itself that begins with v=spf1, includes your mail provider and ends with ~all.',
  },
  'spf.multiple': {
    title: facts => {
      const count = factNumber(facts, 'count')
      const many = count === null ? 'There is more than one SPF record' : `There are ${count} SPF records`
      return `${many}${factPhrase(facts, 'name', ' at ')}; a domain may have only one.`
    },
    why: 'Receivers cannot tell which one counts and treat them all as broken.',
    fix: () =>
      'Merge them: the terms of all in one record, with one v=spf1 at the start and one “all” at the end. Then delete the others.',
  },
  'spf.almost': {
    title: facts =>
      `A TXT record${factPhrase(facts, 'name', ' at ')} looks like SPF but does not count as one.`,
    why: 'An SPF record begins with exactly “v=spf1” and a space; anything else is skipped as if it were not there.',
    fix: facts =>
      almostFix[factText(facts, 'reason', '')] ??
      'Make the record begin with v=spf1 and a space, with nothing before it.',
  },
  'spf.syntax': {
    title: facts => {
      const term = factText(facts, 'term', '', 40)
      if (term === '') return 'SPF cannot be read.'
      const clause = reasonClause('spf', facts, 'is not valid')
      const ignored = factText(facts, 'reason', '') === 'mechanism-as-modifier'
      return ignored
        ? `“${term}” in SPF does nothing: it ${clause}.`
        : `SPF cannot be read: “${term}” ${clause}.`
    },
    why: 'Receivers skip such a term or treat the whole record as broken, and your own mail fails with it.',
    fix: facts =>
      `Correct or remove ${factPhrase(facts, 'term', '“', '”') || 'the term'} in the SPF record${factPhrase(facts, 'name', ' of ')}.`,
  },
  'spf.too-many-lookups': {
    title: facts =>
      `SPF needs ${factText(facts, 'lookups', 'more than 10')} look-ups; receivers stop at 10 and treat the record as broken.`,
    why: 'Your own mail then fails SPF, at some receivers and not at others, which makes it hard to notice.',
    fix: costliest('Remove the services you no longer use, or let a service send from its own subdomain.'),
  },
  'spf.many-lookups': {
    title: facts => `SPF needs ${factText(facts, 'lookups', 'almost all')} of the 10 look-ups it may have.`,
    why: 'One more service, or a provider that changes its own record, breaks SPF for the whole domain.',
    fix: costliest('Remove what you no longer use before you add another service.'),
  },
  'spf.too-many-void-lookups': {
    title: facts => {
      const count = factNumber(facts, 'voidLookups')
      const names = count === null ? 'more than 2 names' : countOf(count, 'name')
      return `SPF asks for ${names} that have no records; receivers stop after 2.`
    },
    why: 'After the second empty answer receivers may treat the whole record as broken.',
    fix: facts => {
      const targets = factList(facts, 'targets')
      return targets.length === 0
        ? 'Remove the terms whose names have no records any more.'
        : `Correct or remove the terms that ask for ${listOf(targets)}.`
    },
  },
  'spf.too-many-mx-hosts': {
    title: facts => {
      const hosts = factNumber(facts, 'hosts')
      const many = hosts === null ? 'more than 10' : String(hosts)
      return `“${factText(facts, 'term', 'mx')}” in SPF stands for ${many} mail servers; receivers stop at 10.`
    },
    why: brokenRecord,
    fix: () => 'Replace the term by the addresses, or the include, of the servers that really send.',
  },
  'spf.pass-all': {
    title: facts =>
      `SPF has “${factText(facts, 'term', '+all')}”${through(facts)}: every server in the world may send as this domain.`,
    why: 'Anyone can forge mail that passes SPF, and receivers hold that against the domain.',
    fix: facts =>
      `Change it to ~all, or to -all once every service you send through is listed. ${factList(facts, 'via').length > 1 ? notYours : ''}`.trim(),
  },
  'spf.neutral-all': {
    title: facts =>
      `SPF ends in “${factText(facts, 'term', '?all')}”${through(facts)}, which says nothing about other servers.`,
    why: 'Forged mail is then treated no differently from yours.',
    fix: () => 'Change ?all to ~all.',
  },
  'spf.no-all': {
    title: facts => `SPF has no “all” at its end${through(facts)}, so it says nothing about other servers.`,
    why: 'Forged mail is then treated no differently from yours.',
    fix: () => 'Add ~all as the last term.',
  },
  'spf.ptr': {
    title: facts => `SPF uses “${factText(facts, 'term', 'ptr')}”, which its standard says not to use.`,
    why: 'It is slow and unreliable, and some large receivers skip it, so what it should allow may fail.',
    fix: () => 'Replace it by the addresses (ip4:, ip6:), or the include, of the servers you meant.',
  },
  'spf.terms-after-all': {
    title: facts => {
      const terms = factList(facts, 'terms')
      const which = terms.length === 0 ? '' : `: ${listOf(terms, 2, 30)}`
      return `SPF has terms after “all” that nobody reads${which}.`
    },
    why: 'What stands there allows nothing, although it looks as if it did.',
    fix: () => 'Move “all” to the very end of the record.',
  },
  'spf.redirect-ignored': {
    title: facts =>
      `“${factText(facts, 'term', 'redirect')}” in SPF is ignored because the record has “all”.`,
    why: 'The servers listed in the other record are not allowed to send.',
    fix: () => 'Remove “all” if the other record shall count; remove the redirect if it is a leftover.',
  },
  'spf.include-without-record': {
    title: facts =>
      `SPF refers to ${factText(facts, 'target', 'a domain')}, which ${reasonClause('absent', facts, 'has no SPF record')}.`,
    why: brokenRecord,
    fix: facts =>
      `Correct the spelling of ${factPhrase(facts, 'term', '“', '”') || 'the term'} in the record${factPhrase(facts, 'name', ' of ')}, or remove it if you no longer use that service.`,
  },
  'spf.loop': {
    title: facts => {
      const path = factList(facts, 'path')
        .slice(-3)
        .map(name => clip(name, 24))
      const round = path.length > 1 ? path.join(' → ') : factText(facts, 'target', 'itself')
      return `SPF goes round in a circle: ${round}.`
    },
    why: brokenRecord,
    fix: facts =>
      `Remove ${factPhrase(facts, 'term', '“', '”') || 'the term that leads back to a record above it'}.`,
  },
  'spf.string-seam': {
    title: facts => {
      const left = factText(facts, 'left', '', 24)
      const right = factText(facts, 'right', '', 24)
      const joined = left === '' || right === '' ? '' : `: “${left}${right}”`
      return `SPF is split into pieces that join without a space${joined}.`
    },
    why: 'DNS joins the pieces as they are, so two terms become one that nobody can read.',
    fix: () =>
      'Put a space at the end of the first piece or at the start of the next, or enter the value as one line.',
  },
}

const almostFix: Readonly<Record<string, string>> = {
  quotes: 'Remove the quotation marks from the value; the DNS provider adds its own.',
  'leading-text': 'Remove what stands before v=spf1, spaces included.',
  separator: 'Put a space after v=spf1 in place of what stands there now.',
  version: 'Make the record begin with v=spf1; no other version is read.',
  'record-type': 'Publish the same text as a TXT record; the record type SPF is no longer read.',
}

/** Names the terms that cost most, when the finding brings them, before the general advice. */
function costliest(advice: string): FindingWords['fix'] {
  return facts => {
    const terms = factList(facts, 'costliest')
    if (terms.length === 0) return advice
    const lookups = factNumber(facts, 'costliestLookups')
    const cost = lookups === null ? 'most' : String(lookups)
    return `Of these, ${listOf(terms)} ${terms.length === 1 ? 'costs' : 'cost'} ${cost}. ${advice}`
  }
}
