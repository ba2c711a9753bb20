import type { FindingCode } from '../../model/finding.ts'
import { countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import type { FindingWords } from './words.ts'

const key = (facts: Facts) => {
  const selector = factText(facts, 'selector', '', 40)
  return selector === '' ? 'A DKIM key' : `The DKIM key “${selector}”`
}
const bits = (facts: Facts) => {
  const count = factNumber(facts, 'keyBits')
  return count === null ? '' : ` (${countOf(count, 'bit')})`
}

const noKeyNeeded = 'Nothing is to be done: your SPF and MX records say that this domain never sends.'

export const dkimWords: Record<Extract<FindingCode, `dkim.${string}`>, FindingWords> = {
  'dkim.none-possible': {
    title: facts =>
      `There is no DKIM key: nothing is published below ${factText(facts, 'name', '_domainkey', 60)}.`,
    why: 'Your messages cannot carry a signature that receivers can check; Gmail and Yahoo ask bulk senders for one.',
    fix: facts =>
      facts.neverSends === true
        ? noKeyNeeded
        : 'Turn DKIM on at your mail provider and publish the record it shows you.',
  },
  'dkim.none-found': {
    title: facts => {
      const tried = factNumber(facts, 'tried') ?? 0
      return tried === 0
        ? 'No DKIM key was found under the usual names.'
        : `No DKIM key was found; ${countOf(tried, 'usual name was', 'usual names were')} tried.`
    },
    why: 'A key stands under a name (a selector) that only the sender knows, so there may be one; without any, receivers trust your mail less.',
    fix: facts =>
      facts.neverSends === true
        ? noKeyNeeded
        : 'Look for “s=” in the DKIM-Signature of a message you sent. If there is none, turn DKIM on at your mail provider.',
  },
  'dkim.revoked': {
    title: facts => `${key(facts)} is withdrawn: its record is there, but holds no key.`,
    why: 'A message signed under this name fails. That is right for a key you retired, and wrong for one in use.',
    fix: () =>
      'If your mail provider still signs with it, publish the key it shows you. Otherwise leave it, or delete the record.',
  },
  'dkim.key-invalid': {
    title: facts => `${key(facts)} cannot be read: ${reasonClause('dkim', facts, 'its record is damaged')}.`,
    why: 'Every signature made with it fails.',
    fix: () =>
      'Copy the whole value from your mail provider again, without quotation marks or line breaks, and replace the record.',
  },
  'dkim.key-too-short': {
    title: facts => `${key(facts)} is too short${bits(facts)}; receivers accept no RSA key below 1024 bits.`,
    why: 'Its signatures count for nothing, because others can work out the secret half.',
    fix: () => 'Create a key of 2048 bits at your mail provider and publish it under a new selector.',
  },
  'dkim.key-short': {
    title: facts => `${key(facts)} is short${bits(facts)}; 2048 bits are advised.`,
    why: 'It still works, but keys of this size are within reach of a determined attacker.',
    fix: () =>
      'Create a key of 2048 bits at your mail provider, publish it under a new selector, then retire this one.',
  },
  'dkim.key-very-long': {
    title: facts => `${key(facts)} is longer${bits(facts)} than every receiver can check.`,
    why: 'Receivers need not read RSA keys above 4096 bits, and the answer may not fit in one DNS packet.',
    fix: () => 'Use a key of 2048 bits.',
  },
  'dkim.testing': {
    title: facts => `${key(facts)} is marked as a test (t=y).`,
    why: 'Receivers may treat signed mail as if it were not signed.',
    fix: () => 'Remove t=y from the record once your signed messages pass.',
  },
  'dkim.sha1-only': {
    title: facts => `${key(facts)} allows only SHA-1, a method that receivers no longer accept.`,
    why: 'Signatures made with SHA-1 count as failed.',
    fix: () =>
      'Remove h=sha1 from the record, or make it h=sha256, and have your provider sign with SHA-256.',
  },
  'dkim.not-for-email': {
    title: facts =>
      `${key(facts)} is not for email: its s= tag${factPhrase(facts, 'services', ' (', ')')} leaves email out.`,
    why: 'Receivers ignore the key, so signatures made with it fail.',
    fix: () => 'Remove the s= tag, or make it s=email.',
  },
  'dkim.version-invalid': {
    title: facts => `${key(facts)} has a wrong version${factPhrase(facts, 'version', ' (', ')')}.`,
    why: 'Receivers discard a record whose v= tag is not DKIM1 or does not stand first, so signatures fail.',
    fix: () => 'Make the record begin with v=DKIM1; and leave the rest as it is.',
  },
  'dkim.multiple-records': {
    title: facts => {
      const count = factNumber(facts, 'count')
      const many = count === null ? 'more than one record' : countOf(count, 'record')
      return `${key(facts)} has ${many}; there may be only one.`
    },
    why: 'Which of them a receiver reads is chance, so signatures pass one time and fail the next.',
    fix: () => 'Delete all but the one your mail provider shows now.',
  },
  'dkim.alias-dangling': {
    title: facts =>
      `${key(facts)} is an alias (CNAME)${factPhrase(facts, 'target', ' to ')} that leads to no key.`,
    why: 'Signatures made with it fail, and whoever gets hold of that name could sign mail as you.',
    fix: () =>
      'Set the alias to the target your mail provider shows. If DKIM is not switched on there yet, switch it on; if you left that provider, delete the record.',
  },
  'dkim.alias-loop': {
    title: facts => `${key(facts)} is an alias (CNAME) that leads round in a circle.`,
    why: 'No receiver can get to the key, so every signature made with it fails.',
    fix: () => 'Set the alias to the target your mail provider shows, and remove the one that points back.',
  },
  'dkim.ed25519-alone': {
    title: facts => `${key(facts)} is of the kind Ed25519, and no RSA key was found beside it.`,
    why: 'Many receivers check RSA signatures only, and take mail with an Ed25519 signature alone for unsigned.',
    fix: () => 'Have your provider sign with an RSA key of 2048 bits as well, under a second selector.',
  },
  'dkim.strict-identity': {
    title: facts => `${key(facts)} is only for addresses of the domain itself (t=s).`,
    why: 'A signature that names a subdomain as its identity (i=) fails with this key.',
    fix: () =>
      'Leave it, unless a service of yours signs for a subdomain with this key; then remove s from t=.',
  },
  'dkim.proxied': {
    title: facts => {
      const network = factText(facts, 'network', '') === 'cloudflare' ? ' of Cloudflare' : ''
      return `${key(facts)} is hidden: its name answers with addresses${network} instead of the alias.`
    },
    why: 'Receivers find no key there, so every signature made with it fails.',
    fix: facts =>
      factText(facts, 'network', '') === 'cloudflare'
        ? 'At Cloudflare, set the record to “DNS only” (the grey cloud).'
        : 'Replace the address record by the CNAME or TXT record your mail provider shows, and let no proxy stand in front.',
  },
  'dkim.doubled-name': {
    title: facts => `${key(facts)} stands under a name with the domain twice, where nobody looks.`,
    why: 'The DNS provider added the domain to a name that already held it, so receivers find no key.',
    fix: facts =>
      `Delete that record and add it again at ${factText(facts, 'shouldBe', 'the right name', 200)}; type only what stands before the domain.`,
  },
  'dkim.same-key': {
    title: facts => {
      const selectors = factList(facts, 'selectors')
      return selectors.length < 2
        ? 'The same DKIM key stands under more than one selector.'
        : `The same DKIM key stands under the selectors ${listOf(selectors)}.`
    },
    why: 'Changing from one to the other changes nothing, so the key is never renewed.',
    fix: () => 'Create a new key at your mail provider for one of them.',
  },
  'dkim.one-microsoft-selector': {
    title: facts =>
      `Only one of the two DKIM names of Microsoft 365 is there${factPhrase(facts, 'missing', '; ', ' is missing')}.`,
    why: 'Microsoft changes from one to the other when it renews the key, and signatures fail from then on.',
    fix: () => 'Publish both aliases that the DKIM page of Microsoft 365 shows, selector1 and selector2.',
  },
  'dkim.wildcard': {
    title: facts =>
      `Every selector${factPhrase(facts, 'name', ' below ')} answers with the same DKIM key (a wildcard).`,
    why: 'A key can then not be withdrawn for one selector alone, and whoever holds it can sign under any.',
    fix: () => 'Replace the wildcard by a record for each selector in use.',
  },
}
