import type { FindingCode } from '../../model/finding.ts'
import { countOf, type Facts, factNumber, factPhrase, factText } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import { pageClause } from './transport.ts'
import type { FindingWords } from './words.ts'

type CodesOf<Check extends string> = Extract<FindingCode, `${Check}.${string}`>

/** What stands around the mail: subdomains, names given to others, the website, certificates, the logo. */
export const aroundWords: Record<CodesOf<'subdomain' | 'tracking' | 'web' | 'caa' | 'bimi'>, FindingWords> = {
  'subdomain.policy-inherited': {
    title: facts =>
      `This subdomain has no DMARC record of its own; ${factText(facts, 'from', 'the domain above')} applies.`,
    why: 'It is protected. With a record of its own its reports come apart, and its policy can be raised by itself.',
    fix: facts =>
      `If much mail is sent from here, publish a DMARC record at _dmarc.${factText(facts, 'domain', 'mail.example.com', 200)} too.`,
  },
  'subdomain.return-path-incomplete': {
    title: facts =>
      `Bounces to ${factText(facts, 'name', 'a name that may send', 60)} have nowhere to go: it has no MX record.`,
    why: 'A sending service needs both records there; without MX it falls back to its own name, and SPF no longer counts for you.',
    fix: facts =>
      `Publish the MX record that the sending service shows for ${factText(facts, 'name', 'it', 200)}, or delete the SPF record if the service is gone.`,
  },
  'tracking.missing': {
    title: facts => `The tracking name ${factText(facts, 'host', 'you gave', 60)} does not exist.`,
    why: 'Every link in your mail leads nowhere.',
    fix: facts =>
      `Publish the CNAME record that your sending service shows for ${factText(facts, 'host', 'it', 200)}.`,
  },
  'tracking.certificate-invalid': {
    title: facts =>
      `Links through ${factText(facts, 'host', 'the tracking name', 60)} show a warning: ${pageClause(facts)}.`,
    why: 'Readers are stopped by their browser, and filters count such links against the mail.',
    fix: () => 'Turn on HTTPS for the tracking name at your sending service, or renew its certificate.',
  },
  'tracking.dangling': {
    title: facts =>
      `The alias${factPhrase(facts, 'name', ' ')} leads to ${factText(facts, 'target', 'a name', 40)}, which does not exist.`,
    why: 'If somebody else gets hold of that target, they can put pages and mail under your name.',
    fix: facts => {
      const service = factPhrase(facts, 'service', ' at ')
      const risk =
        factText(facts, 'reason', '') === 'gone' ? '' : ` Anyone can claim the target${service} now.`
      return `Delete the CNAME record of ${factText(facts, 'name', 'that name', 200)}, or set the service up again.${risk}`
    },
  },
  'web.no-address': {
    title: facts =>
      `There is no website at ${factText(facts, 'domain', 'the domain', 60)} nor at www in front of it.`,
    why: 'People and filters look up who is behind an address; a domain without a page looks made for the occasion.',
    fix: () => 'Let the domain show a page, if only one that leads to your main website.',
  },
  'caa.record-invalid': {
    title: facts => `A CAA record cannot be used: ${reasonClause('caa', facts, 'it cannot be read')}.`,
    why: 'Certificate authorities skip it, or refuse to issue because of it.',
    fix: facts =>
      `Correct or delete ${factText(facts, 'record', 'it', 100)}. A usual one is 0 issue "letsencrypt.org".`,
  },
  'caa.no-issuer': {
    title: facts =>
      `CAA forbids every authority to issue a certificate for ${factText(facts, 'host', 'a name that needs one', 60)}.`,
    why: 'That name needs a certificate; the present one cannot be renewed.',
    fix: () => 'Name the authority you use in a CAA record with the tag issue.',
  },
  'bimi.multiple': {
    title: facts => {
      const count = factNumber(facts, 'count')
      return `There ${count === null ? 'is more than one BIMI record' : `are ${countOf(count, 'BIMI record')}`}, so none of them counts.`
    },
    why: 'No logo is shown beside your mail.',
    fix: () => 'Keep one and delete the others.',
  },
  'bimi.record-invalid': {
    title: facts => `The BIMI record cannot be used: ${reasonClause('bimi', facts, 'it cannot be read')}.`,
    why: 'No logo is shown beside your mail.',
    fix: () => 'Write it as v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/mark.pem.',
  },
  'bimi.policy-too-weak': {
    title: facts => `The logo is not shown, because DMARC ${weakness(facts)}.`,
    why: 'Mailbox providers show a logo only for domains that have forged mail stopped, all of it.',
    fix: () => 'Raise the DMARC policy to quarantine or reject, for subdomains too and without pct.',
  },
  'bimi.logo-invalid': {
    title: facts => `The logo cannot be shown: ${logoClause(facts)}.`,
    why: 'Mailbox providers take only plain pictures of the form SVG Tiny PS and skip any other.',
    fix: () =>
      'Export the logo as SVG Tiny PS 1.2: square, with a title, without scripts and links, at most 32 KB.',
  },
  'bimi.certificate-invalid': {
    title: facts => `The certificate of the logo cannot be used: ${markClause(facts)}.`,
    why: 'Gmail and Apple show a logo only with a valid mark certificate.',
    fix: () => 'Serve the whole chain as your authority sent it, and renew it in time.',
  },
}

const weaknesses: Readonly<Record<string, string>> = {
  policy: 'does not stop forged mail',
  subdomains: 'does not stop forged mail from subdomains (sp=none)',
  percentage: 'stops only a part of forged mail (pct)',
}

function weakness(facts: Facts): string {
  return weaknesses[factText(facts, 'reason', '')] ?? 'is too mild'
}

const isPage = (facts: Facts) => !/^(?:$|status$)/.test(factText(facts, 'reason', ''))

function logoClause(facts: Facts): string {
  return isPage(facts)
    ? reasonClause('logo', facts, reasonClause('page', facts, 'it is not of the right form'))
    : 'its server does not hand it out'
}

function markClause(facts: Facts): string {
  return isPage(facts)
    ? reasonClause('mark', facts, reasonClause('page', facts, 'it is not of the right form'))
    : 'its server does not hand it out'
}
