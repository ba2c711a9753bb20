import type { FindingCode } from '../../model/finding.ts'
import { countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import type { FindingWords } from './words.ts'

/** What works, or nearly, and wants care all the same: sizes, ranges, leftovers, and SPF beside the other checks. */
type CareCode = Extract<
  FindingCode,
  | 'spf.string-too-long'
  | 'spf.record-long'
  | 'spf.answer-large'
  | 'spf.duplicate-terms'
  | 'spf.overlapping-ranges'
  | 'spf.broad-range'
  | 'spf.private-range'
  | 'spf.explanation-unusable'
  | 'spf.retired-type'
  | 'spf.sender-id'
  | 'spf.lapsed-target'
  | 'spf.wildcard'
  | 'spf.ending'
  | 'spf.inert-include'
  | 'spf.provider-missing'
  | 'spf.non-sending-open'
>

const octets = (facts: Facts, otherwise: string) => {
  const count = factNumber(facts, 'octets')
  return count === null ? otherwise : countOf(count, 'octet')
}

export const spfCareWords: Record<CareCode, FindingWords> = {
  'spf.string-too-long': {
    title: facts =>
      `SPF has a piece of ${octets(facts, 'too many octets')}; DNS carries at most 255 in one piece.`,
    why: 'A nameserver refuses such a zone, or cuts the record where it likes.',
    fix: () => 'Split the value into quoted pieces of at most 255 characters, with the spaces kept inside.',
  },
  'spf.record-long': {
    title: facts => `The SPF record is long: ${octets(facts, 'many octets')}, where 450 are safe.`,
    why: 'With the rest of the answer it may not fit a plain DNS packet, and some receivers then fail to read it.',
    fix: () => 'Remove what you no longer send through, or move single addresses into ranges.',
  },
  'spf.answer-large': {
    title: facts =>
      `All TXT records together are ${octets(facts, 'very many octets')}; answers above 1232 are often lost.`,
    why: 'SPF is read from the same answer as every other TXT record of the name, so leftovers there can make it unreadable.',
    fix: facts => {
      const count = factNumber(facts, 'count')
      const many = count === null ? 'the TXT records' : `the ${countOf(count, 'TXT record')}`
      return `Go through ${many} of the domain and delete verifications of services you no longer use.`
    },
  },
  'spf.duplicate-terms': {
    title: facts => {
      const terms = factList(facts, 'terms')
      return terms.length === 0 ? 'SPF names something twice.' : `SPF names ${listOf(terms, 2, 40)} twice.`
    },
    why: 'The second time allows nothing new, and an include costs its look-ups again.',
    fix: () => 'Remove the repeated term, or the include that another one brings along.',
  },
  'spf.overlapping-ranges': {
    title: facts => {
      const terms = factList(facts, 'terms')
      return terms.length === 0
        ? 'SPF has address ranges inside others.'
        : `SPF has address ranges inside others: ${listOf(terms, 2, 30)}.`
    },
    why: 'The smaller range allows nothing that the larger one does not allow already.',
    fix: facts => {
      const [term] = factList(facts, 'terms')
      const [inside] = factList(facts, 'inside')
      return term === undefined || inside === undefined
        ? 'Remove the smaller ranges.'
        : `Remove ${term}; ${inside} contains it.`
    },
  },
  'spf.broad-range': {
    title: facts =>
      `“${factText(facts, 'term', 'A range')}” in SPF covers far more addresses than one sender has.`,
    why: 'Everyone with a server in that range can send mail that passes as yours.',
    fix: () => 'Replace it by the addresses you really send from, or by the include your provider gives you.',
  },
  'spf.private-range': {
    title: facts => {
      const terms = factList(facts, 'terms')
      return `SPF names private addresses${terms.length === 0 ? '' : `: ${listOf(terms, 2, 30)}`}.`
    },
    why: 'Receivers never see these addresses, so the server that was meant is not allowed to send.',
    fix: () => 'Replace them by the public addresses that your mail leaves from.',
  },
  'spf.explanation-unusable': {
    title: facts =>
      `The explanation that SPF points to cannot be used: ${factText(facts, 'target', 'its name')} ${reasonClause('explanation', facts, 'cannot be read')}.`,
    why: 'Receivers leave the explanation out; SPF itself works without it.',
    fix: facts =>
      `Publish one TXT record in plain ASCII there, or remove ${factPhrase(facts, 'term', '“', '”') || 'the exp= term'}.`,
  },
  'spf.retired-type': {
    title: facts =>
      facts.differs === true
        ? 'A record of the retired type SPF says something else than the TXT record.'
        : 'A record of the retired type SPF is still published.',
    why: 'Receivers read the TXT record alone, so this one only misleads whoever edits the zone next.',
    fix: () => 'Delete the record of type SPF and keep the TXT record.',
  },
  'spf.sender-id': {
    title: () => 'A Sender ID record (spf2.0) is still published.',
    why: 'Sender ID was given up; nobody reads the record.',
    fix: () => 'Delete the TXT record that begins with spf2.0.',
  },
  'spf.lapsed-target': {
    title: facts =>
      `SPF refers to ${factText(facts, 'registrable', 'a domain')}, which nobody has registered any more.`,
    why: 'Whoever registers it may decide which servers send as you.',
    fix: facts =>
      `Remove ${factPhrase(facts, 'term', '“', '”') || 'the term'} from the record${factPhrase(facts, 'name', ' of ')}.`,
  },
  'spf.wildcard': {
    title: facts => `Every name below this domain has an SPF record${factPhrase(facts, 'name', ', from ')}.`,
    why: 'Forgers may then use subdomains you never made, with the servers that record allows.',
    fix: () =>
      'Delete the wildcard TXT record, or make it v=spf1 -all, and publish SPF at the subdomains you send from.',
  },
  'spf.ending': {
    title: facts => endingTitles[factText(facts, 'reason', '')] ?? 'The ending of SPF stands alone.',
    why: 'SPF breaks when mail is forwarded, so what it asks for depends on DKIM and DMARC beside it.',
    fix: facts =>
      endingFixes[factText(facts, 'reason', '')] ?? 'Publish a DKIM key and a DMARC policy beside it.',
  },
  'spf.inert-include': {
    title: facts =>
      `“${factText(facts, 'term', 'An include')}” in SPF does nothing for mail from ${factText(facts, 'service', 'that service', 24)}.`,
    why: 'The service sends with an envelope sender of its own, and SPF is asked about that name, not about yours.',
    fix: facts => {
      const costs = factNumber(facts, 'costs')
      const won = costs === null ? '' : `, which saves ${countOf(costs, 'look-up')}`
      return `Set up DKIM for your domain at ${factText(facts, 'service', 'the service')}, then remove the term${won}.`
    },
  },
  'spf.provider-missing': {
    title: facts =>
      `Mail of this domain is at ${factText(facts, 'provider', 'a mail provider')}, but SPF does not let it send.`,
    why: 'What your people write from their mailboxes fails SPF.',
    fix: facts =>
      `Add ${factText(facts, 'include', 'the include of your provider')} to the SPF record, before “all”.`,
  },
  'spf.non-sending-open': {
    title: () => 'This domain takes no mail and names no senders, but SPF does not refuse them.',
    why: 'A domain that never sends is easy to forge until its record says so.',
    fix: () => 'If it never sends, make the whole record v=spf1 -all.',
  },
}

const endingTitles: Readonly<Record<string, string>> = {
  'hard-without-dkim': 'SPF ends in -all, and there is no DKIM key beside it.',
  'soft-without-dmarc': 'SPF ends in ~all, and no DMARC policy acts on it.',
}
const endingFixes: Readonly<Record<string, string>> = {
  'hard-without-dkim':
    'Turn on DKIM: with -all alone some receivers refuse forwarded mail before they look at DMARC.',
  'soft-without-dmarc':
    'Leave ~all, and raise the DMARC policy to quarantine or reject once your reports are clean.',
}
