import type { FindingCode } from '../../model/finding.ts'
import { countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import type { FindingWords } from './words.ts'

const withoutPrefix = (facts: Facts, name: string) => factText(facts, name, '', 200).replace(/^_dmarc\./, '')

export const dmarcWords: Record<Extract<FindingCode, `dmarc.${string}`>, FindingWords> = {
  'dmarc.missing': {
    title: () => 'There is no DMARC record, which tells receivers what to do with forged mail.',
    why: 'Gmail, Yahoo and Microsoft ask bulk senders for one, and without it nobody reports who sends as your domain.',
    fix: facts =>
      `Publish a TXT record at _dmarc.${factText(facts, 'domain', 'example.com', 200)}. Begin with p=none, which only watches, and an address for reports (rua).`,
  },
  'dmarc.multiple': {
    title: facts => {
      const count = factNumber(facts, 'count')
      const many =
        count === null ? 'There is more than one DMARC record' : `There are ${countOf(count, 'DMARC record')}`
      return `${many}${factPhrase(facts, 'name', ' at ')}, so none of them counts.`
    },
    why: 'Receivers discard all of them, and the domain is as unprotected as without.',
    fix: () => 'Keep the one you mean and delete the others.',
  },
  'dmarc.almost': {
    title: facts =>
      `A record${factPhrase(facts, 'name', ' at ')} looks like DMARC but does not count as one.`,
    why: 'A DMARC record begins with exactly “v=DMARC1”, capitals included, and a semicolon; anything else is skipped.',
    fix: facts =>
      almostFix[factText(facts, 'reason', '')] ??
      'Make the record begin with v=DMARC1; and let the policy (p=) follow.',
  },
  'dmarc.syntax': {
    title: facts => {
      const term = factText(facts, 'term', '', 32) || factText(facts, 'tag', '', 32)
      const clause = reasonClause('dmarc', facts, 'cannot be read')
      return term === ''
        ? `A part of the DMARC record ${clause}.`
        : `“${term}” in the DMARC record ${clause}.`
    },
    why: 'Receivers ignore that part, or the whole record, each in its own way.',
    fix: facts =>
      `Correct or remove ${factPhrase(facts, 'term', '“', '”') || 'it'}. A tag looks like p=none, and tags are separated by semicolons.`,
  },
  'dmarc.policy-missing': {
    title: facts =>
      factText(facts, 'applied', '') === 'nothing'
        ? 'DMARC has no usable policy (p=), so receivers skip the record.'
        : 'DMARC has no usable policy (p=), so receivers only watch.',
    why: 'Forged mail is delivered as if you had not asked for anything.',
    fix: () =>
      'Right after v=DMARC1; add p=none to watch first, or p=quarantine or p=reject to have forged mail stopped.',
  },
  'dmarc.policy-none': {
    title: facts =>
      `DMARC only watches (${factText(facts, 'tag', 'p')}=none): forged mail is still delivered.`,
    why: 'It is the right first step, but it stops nobody until the policy is raised.',
    fix: () =>
      'When the reports show that all your own mail passes, raise the policy to quarantine and later to reject.',
  },
  'dmarc.subdomain-policy-weaker': {
    title: facts => {
      const weaker = factPhrase(facts, 'subdomainPolicy', ` (${factText(facts, 'tag', 'sp')}=`, ')')
      const policy = factPhrase(facts, 'policy', ' (p=', ')')
      return `DMARC protects subdomains less${weaker} than the domain itself${policy}.`
    },
    why: 'A forger simply uses a subdomain, one that exists or one that does not.',
    fix: facts => {
      const tag = factText(facts, 'tag', 'sp')
      return `Remove ${tag}= so that subdomains follow the policy of the domain, or set it to the same value.`
    },
  },
  'dmarc.testing': {
    title: facts => {
      const applied = factText(facts, 'applied', '')
      return applied === ''
        ? 'DMARC is marked as a test (t=y), so a weaker policy applies than the record says.'
        : `DMARC is marked as a test (t=y): ${applied} applies instead of ${factText(facts, 'policy', 'the policy')}.`
    },
    why: 'As long as the tag stands there, forged mail is treated more mildly than you asked for.',
    fix: () => 'Remove t=y when the reports show that your own mail passes.',
  },
  'dmarc.removed-tag': {
    title: facts => `DMARC uses ${tagsOf(facts)}, which its present standard no longer has.`,
    why: 'Newer receivers ignore it and older ones obey it, so the record means different things to different readers.',
    fix: facts => {
      const percentage = factList(facts, 'tags').some(tag => tag.startsWith('pct'))
      return `Remove ${tagsOf(facts)}.${percentage ? ' To go step by step, use t=y in place of pct.' : ''}`
    },
  },
  'dmarc.no-reports': {
    title: () => 'DMARC names no address for reports (no rua tag).',
    why: 'Without reports you cannot see which of your own services fail, or who forges the domain.',
    fix: facts => {
      const domain = withoutPrefix(facts, 'name') || 'example.com'
      return `Add an address that you or a report service reads, such as rua=mailto:dmarc@${domain}.`
    },
  },
  'dmarc.report-address-invalid': {
    title: facts => {
      const clause = reasonClause('reportUri', facts, 'cannot be used')
      return `The DMARC report address${factPhrase(facts, 'address', ' “', '”')} ${clause}.`
    },
    why: 'Reports for that address are dropped without a word.',
    fix: facts =>
      `In ${factText(facts, 'tag', 'rua')}= write each address as mailto:name@example.com and separate several by commas.`,
  },
  'dmarc.wrong-location': {
    title: facts => {
      const kind = factText(facts, 'holds', '') === 'spf' ? 'An SPF record' : 'A DMARC record'
      return `${kind} stands at ${factText(facts, 'name', 'a name where nobody looks', 70)}, where it does not count.`
    },
    why: 'Receivers look for SPF at the domain itself and for DMARC at _dmarc in front of it, and nowhere else.',
    fix: facts =>
      `Move it to ${factText(facts, 'shouldBe', 'the right name', 200)} and delete the misplaced one.`,
  },
  'dmarc.psd': {
    title: () => 'DMARC says psd=y, which is for shared endings such as .com, not for one domain.',
    why: 'Receivers then take each subdomain for the domain of someone else, and mail from it no longer counts as yours.',
    fix: () => 'Remove psd=y.',
  },
  'dmarc.np-advised': {
    title: facts =>
      `Names that do not exist below the domain get only the policy ${factText(facts, 'applied', 'of subdomains')}.`,
    why: 'No mail of yours comes from a name that does not exist, so nothing is lost by refusing it.',
    fix: () => 'Add np=reject to the DMARC record.',
  },
  'dmarc.strict-alignment': {
    title: facts => `DMARC asks for exact alignment (${strictTags(facts)}).`,
    why: 'Mail that a service signs or sends under a subdomain of yours then fails, where the usual setting lets it pass.',
    fix: facts =>
      `If one of your services uses a subdomain, remove ${strictTags(facts)}. Otherwise nothing needs to change.`,
  },
  'dmarc.unknown-tag': {
    title: facts => `DMARC holds ${tagsOf(facts)}, which the standard does not know.`,
    why: 'Receivers ignore it, so whatever it was meant to do does not happen.',
    fix: facts => `Remove ${tagsOf(facts)}, or correct the spelling.`,
  },
  'dmarc.alias-dangling': {
    title: facts =>
      `The DMARC name is an alias (CNAME)${factPhrase(facts, 'target', ' to ')} that leads to no record.`,
    why: 'Receivers find no policy there, and whoever gets hold of that name could set one for you.',
    fix: () =>
      'Set the alias to the target your DMARC service shows now, or replace it by a TXT record of your own.',
  },
  'dmarc.weaker-than-organisation': {
    title: facts => {
      const own = factPhrase(facts, 'policy', ' (', ')')
      const above = factPhrase(facts, 'organisationPolicy', ' (', ')')
      return `This domain’s own DMARC policy${own} is weaker than the one it would inherit${above}.`
    },
    why: 'A forger only needs the one name that is protected least.',
    fix: facts =>
      `Raise the policy here, or delete this record so that the one at ${factText(facts, 'organisation', 'the organisation’s domain', 200)} applies.`,
  },
  'dmarc.many-report-addresses': {
    title: facts => {
      const count = factNumber(facts, 'count')
      const many = count === null ? 'many addresses' : countOf(count, 'address', 'addresses')
      return `DMARC sends reports to ${many} (${factText(facts, 'tag', 'rua')}=); two are sure to be served.`
    },
    why: 'Whoever sends reports may stop after the second address.',
    fix: () => 'Put the two that matter first, or have one mailbox pass the reports on.',
  },
  'dmarc.report-size-limit': {
    title: facts =>
      `The DMARC report address${factPhrase(facts, 'address', ' “', '”')} carries a size limit, which the standard dropped.`,
    why: 'Newer senders of reports ignore it, and older ones leave out every report that is larger.',
    fix: facts => {
      const expected = factText(facts, 'expected', '', 200)
      return expected === ''
        ? 'Remove the exclamation mark and what follows it.'
        : `Write ${expected} instead.`
    },
  },
  'dmarc.reports-not-permitted': {
    title: facts =>
      `DMARC reports for ${factText(facts, 'host', 'another organisation')} are dropped: it does not say that it takes them.`,
    why: 'Reports to another organisation are dropped unless it agrees in its own DNS, so that nobody can flood a stranger.',
    fix: facts =>
      `Ask whoever runs it to publish a TXT record with v=DMARC1 at ${factText(facts, 'asked', 'the name for this domain', 250)}, or use an address of your own.`,
  },
  'dmarc.report-host-no-mail': {
    title: facts => {
      const host = factText(facts, 'host', 'The host of a report address')
      return `DMARC reports cannot arrive: ${host} ${reasonClause('noMail', facts, 'takes no mail')}.`
    },
    why: 'Without reports you cannot see which of your own services fail, or who forges the domain.',
    fix: facts =>
      `Replace ${factText(facts, 'address', 'the address', 200)} in ${factText(facts, 'tag', 'rua')}= by one that can receive mail.`,
  },
  'dmarc.failure-options': {
    title: facts =>
      `The DMARC tag fo=${factText(facts, 'options', '')} ${reasonClause('failureOptions', facts, 'does nothing')}.`,
    why: 'It does no harm, but the record reads as if it asked for something that nobody sends.',
    fix: facts =>
      factText(facts, 'reason', '') === 'redundant'
        ? 'Write fo=1.'
        : 'Remove fo=, or add ruf= with an address.',
  },
  'dmarc.can-enforce': {
    title: facts => {
      const days = factNumber(facts, 'days')
      const span = days === null ? 'a month' : countOf(days, 'day')
      const [messages, aligned] = [factNumber(facts, 'messages'), factNumber(facts, 'aligned')]
      const isAll = messages === null || aligned === null || aligned >= messages
      const share = isAll ? 'All your mail' : `${((aligned / messages) * 100).toFixed(1)} % of your mail`
      return `${share} in the reports of ${span} passes DMARC: the policy can be raised.`
    },
    why: 'Each step protects the domain better. Mail that passes is not touched; what others pass on was left out of the count.',
    fix: facts =>
      `${strangersFirst(facts)}Publish “${factText(facts, 'expected', 'the record of the next step', 300)}” at ${factText(facts, 'name', '_dmarc', 250)}${nextStep[factText(facts, 'next', '')] ?? '.'} Keep reading the reports after it.`,
  },
}

/** What others send as the domain was not counted; among it may be a sender of the person's own. */
function strangersFirst(facts: Facts): string {
  const others = factNumber(facts, 'otherMessages') ?? 0
  if (others === 0) return ''
  const sources = countOf(factNumber(facts, 'otherSources') ?? 0, 'address', 'addresses')
  return `Look under “DMARC reports” first: ${countOf(others, 'message')} from ${sources} never passed as you. They are forgeries, which the next step is for, or a sender of yours that was never set up. `
}

const nextStep: Readonly<Record<string, string>> = {
  'quarantine-testing':
    ': with t=y receivers still deliver everything, and say in their reports what they would have done.',
  quarantine: ': mail that fails then goes to the spam folder.',
  reject: ': mail that fails is then refused.',
}

const almostFix: Readonly<Record<string, string>> = {
  quotes: 'Remove the quotation marks from the value; the DNS provider adds its own.',
  'leading-text': 'Remove what stands before v=DMARC1, spaces included.',
  version: 'Write the version exactly as v=DMARC1, followed by a semicolon.',
  order: 'Move v=DMARC1; to the very start of the record.',
  backslash: 'Remove the backslashes; they belong in a zone file, not in the value box of a DNS provider.',
}

function tagsOf(facts: Facts): string {
  const tags = factList(facts, 'tags')
  return tags.length === 0 ? 'a tag' : listOf(tags)
}

/** `adkim=s and aspf=s`. */
function strictTags(facts: Facts): string {
  const tags = factList(facts, 'tags').map(tag => `${tag}=s`)
  return tags.length === 0 ? 'adkim=s or aspf=s' : listOf(tags)
}
