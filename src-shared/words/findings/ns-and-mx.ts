import type { FindingCode } from '../../model/finding.ts'
import { factList, factPhrase, factText, listOf } from '../phrases.ts'
import type { FindingWords } from './words.ts'

export const nsWords: Record<Extract<FindingCode, `ns.${string}`>, FindingWords> = {
  'ns.missing': {
    title: facts => `No nameserver is known for ${factText(facts, 'domain', 'this domain')}.`,
    why: 'Without nameservers no record of the domain can be read, so its mail can be neither checked nor delivered.',
    fix: () => 'At the registrar, check that the domain is still yours and that its nameservers are set.',
  },
  'ns.single': {
    title: facts =>
      `Only one nameserver holds ${factText(facts, 'zone', 'this domain')}${factPhrase(facts, 'host', ': ')}.`,
    why: 'While that server is down, nobody can look up where your mail goes or whether it is yours.',
    fix: () =>
      'Set a second nameserver at the registrar, in another network. Most DNS providers give at least two.',
  },
  'ns.cname-at-apex': {
    title: facts => `The domain itself is an alias (CNAME)${factPhrase(facts, 'target', ' of ')}.`,
    why: 'Beside an alias no other record may stand, so MX, SPF and the nameservers of the domain are hidden or answered by chance.',
    fix: () =>
      'Replace the CNAME by A and AAAA records, or by the ALIAS or flattened record that your DNS provider offers for the domain itself.',
  },
  'ns.parked': {
    title: facts =>
      factText(facts, 'kind', '') === 'expired'
        ? 'The nameservers are those of a registrar for domains that were not renewed.'
        : 'The nameservers look like those of a parking service.',
    why: 'A domain that was not paid for, or is offered for sale, answers with somebody else’s records, and mail to it is lost.',
    fix: facts =>
      `At the registrar, check that the domain is paid for and set the nameservers of your DNS provider${factPhrase(facts, 'hosts', ' instead of ')}.`,
  },
}

const server = (facts: Parameters<FindingWords['title']>[0]) =>
  `The mail server ${factText(facts, 'host', 'that MX names', 60)}`

export const mxWords: Record<Extract<FindingCode, `mx.${string}`>, FindingWords> = {
  'mx.missing': {
    title: () => 'No server takes mail for this domain: it has no MX record and no address to fall back on.',
    why: 'Replies and bounces are lost, and many receivers refuse mail from a domain that cannot be answered.',
    fix: () =>
      'Publish the MX records your mail provider gives you. If the domain shall take no mail at all, publish one MX record with preference 0 and the target “.” instead.',
  },
  'mx.implicit': {
    title: facts =>
      `There is no MX record, so mail goes to the domain’s own address${factPhrase(facts, 'addresses', ' (', ')')}.`,
    why: 'That address is often a web server that takes no mail, and some senders do not try it.',
    fix: () => 'Publish an MX record that names your mail server, even when it is the same machine.',
  },
  'mx.null': {
    title: () => 'The domain says that it takes no mail (a null MX record).',
    why: 'That is right for a domain that never sends; from any other, replies and bounces have nowhere to go.',
    fix: () =>
      'If you send from this domain, replace the record by the MX records of your mail provider. Otherwise leave it.',
  },
  'mx.null-with-others': {
    title: facts => {
      const others = factList(facts, 'others')
      const beside = others.length === 0 ? 'other MX records' : listOf(others, 2)
      return `A null MX record (“no mail here”) stands beside ${beside}.`
    },
    why: 'The two contradict each other; some senders stop at the null record and return your mail.',
    fix: () =>
      'If the domain takes mail, delete the MX record with the target “.”; if it takes none, delete the others.',
  },
  'mx.target-is-address': {
    title: facts => `MX points to an IP address${factPhrase(facts, 'host', ' (', ')')} instead of a name.`,
    why: 'Senders read the digits as a name, find nothing, and return the mail.',
    fix: () =>
      'Give that address a name with an A record, such as mail.example.com, and let MX point to the name.',
  },
  'mx.target-missing': {
    title: facts => `${server(facts)} has no address.`,
    why: 'Senders that try this server cannot reach it; mail waits or comes back.',
    fix: facts =>
      `Correct the spelling in the MX record, publish an address for ${factText(facts, 'host', 'the name', 100)}, or delete the MX record if the server is gone.`,
  },
  'mx.target-is-alias': {
    title: facts => `${server(facts)} is an alias (a CNAME record).`,
    why: 'MX must name the host itself; some senders do not follow the alias and return the mail.',
    fix: facts => `Let MX name the host that the alias points to${factPhrase(facts, 'canonical', ': ')}.`,
  },
  'mx.target-private': {
    title: facts => `${server(facts)} has an address that works only inside one network.`,
    why: 'Nobody outside can reach a private or loopback address, so mail from elsewhere never arrives.',
    fix: facts =>
      `Replace the address${factPhrase(facts, 'addresses', ' ')} by the public one, or let MX name a server that is reachable from outside.`,
  },
  'mx.mixed-providers': {
    title: facts => {
      const providers = factList(facts, 'providers')
      return `MX names servers of ${providers.length === 0 ? 'more than one mail provider' : listOf(providers)} at once.`
    },
    why: 'Senders choose any of them, so some messages end in a mailbox that nobody opens any more.',
    fix: facts =>
      `Keep the MX records of the provider where your mailboxes are and delete the others${factPhrase(facts, 'hosts', ', such as ')}.`,
  },
  'mx.duplicate-host': {
    title: facts => `${server(facts)} stands in more than one MX record.`,
    why: 'It does no harm and no good: a server that is down is down under every preference.',
    fix: () => 'Keep the record with the lowest preference and delete the other.',
  },
  'mx.verification-leftover': {
    title: facts => `The MX record${factPhrase(facts, 'host', ' ')} is left over from a verification.`,
    why: 'The name never had an address, and senders who try it lose time.',
    fix: () => 'Delete it. Microsoft 365 needed it once, to see that the domain is yours.',
  },
  'mx.single': {
    title: facts => `One server takes all mail${factPhrase(facts, 'host', ': ')}.`,
    why: 'While it is down, mail waits at the senders, who try again for days. Many domains do well with one.',
    fix: () =>
      'Nothing has to change. A second MX record helps only if that server brings the mail to the same mailboxes.',
  },
}
