import type { FindingCode } from '../../model/finding.ts'
import { factList, factPhrase, factText, listOf } from '../phrases.ts'
import { reasonClause } from './reasons.ts'
import type { FindingWords } from './words.ts'

type CodesOf<Check extends string> = Extract<FindingCode, `${Check}.${string}`>

/** How the records are served: views, zone, DNSSEC, the names of addresses. */
export const servingWords: Record<CodesOf<'views' | 'zone' | 'dnssec' | 'ptr'>, FindingWords> = {
  'views.differs': {
    title: facts =>
      `The nameservers give different answers for ${factText(facts, 'type', 'a record')}${factPhrase(facts, 'name', ' at ')}.`,
    why: 'Which answer a receiver gets is chance, so the same mail passes at one moment and fails at the next.',
    fix: () =>
      'If you changed it in the last minutes, wait and look again. Otherwise one nameserver is not updated: ask your DNS provider, or remove a nameserver that belongs to an earlier one.',
  },
  'zone.lame-server': {
    title: facts =>
      `The nameserver ${factText(facts, 'host', 'that is listed', 60)} does not hold the domain it is listed for.`,
    why: 'Every question that reaches it gets no answer; mail is delayed, and now and then refused.',
    fix: facts =>
      `Remove ${factText(facts, 'host', 'it', 100)} from the nameservers at the registrar and in the zone, or set up the zone on that server.`,
  },
  'zone.same-network': {
    title: facts => `All nameservers stand in one network${factPhrase(facts, 'network', ' (', ')')}.`,
    why: 'When that network fails, nobody can look up the domain, and mail in both directions stops.',
    fix: () => 'Use a DNS provider with nameservers in several networks, or add one elsewhere.',
  },
  'zone.parent-differs': {
    title: () => 'The registrar lists other nameservers than the domain itself.',
    why: 'Those that only one side lists are asked by some and not by others, and are often forgotten when something changes.',
    fix: facts => {
      const parent = factList(facts, 'onlyParent')
      const own = factList(facts, 'onlyZone')
      const sides = [
        parent.length === 0 ? null : `only the registrar lists ${listOf(parent)}`,
        own.length === 0 ? null : `only the zone lists ${listOf(own)}`,
      ].filter(side => side !== null)
      return `Make both lists the same${sides.length === 0 ? '' : `: ${sides.join(', and ')}`}.`
    },
  },
  'zone.serials-differ': {
    title: () => 'The nameservers hold different versions of the zone.',
    why: 'For a minute after a change that is usual. When it lasts, one of them no longer gets updates.',
    fix: facts =>
      `Look again in an hour. If it is still so, tell your DNS provider which versions they have${factPhrase(facts, 'serials', ': ')}.`,
  },
  'zone.soa-values': {
    title: facts => `In the zone’s SOA record ${reasonClause('soa', facts, 'a value is odd')}.`,
    why: 'It decides how long a missing record is remembered and how other nameservers keep up, so changes may arrive late.',
    fix: facts => soaFix[factText(facts, 'reason', '')] ?? 'Use the values your DNS provider proposes.',
  },
  'dnssec.unsigned': {
    title: facts => `The zone${factPhrase(facts, 'zone', ' ')} is not signed with DNSSEC.`,
    why: 'Answers about the domain can be forged on the way. Most domains are not signed, and no receiver refuses mail for it.',
    fix: () =>
      'If your DNS provider offers DNSSEC with one switch, turn it on. Only then add the DS record at the registrar.',
  },
  'dnssec.ds-mismatch': {
    title: facts =>
      factText(facts, 'reason', '') === 'no-key'
        ? 'The registrar promises DNSSEC signatures (a DS record), but the zone has no keys.'
        : 'The DNSSEC keys of the zone are not those the registrar vouches for (DS record).',
    why: 'Resolvers that check signatures, Gmail’s among them, treat every record of the domain as forged: it is unreachable for them.',
    fix: () =>
      'At the registrar, replace the DS record by the one your DNS provider shows, or delete it. After a move to another DNS provider the old one is often left behind.',
  },
  'dnssec.weak-algorithm': {
    title: facts =>
      `DNSSEC uses an outdated algorithm${factPhrase(facts, 'algorithms', ' (', ')')} for its keys.`,
    why: 'New resolvers stop checking such signatures and treat the domain as unsigned.',
    fix: () =>
      'Let your DNS provider change to algorithm 13 (ECDSA P-256), then put the new DS record at the registrar.',
  },
  'ptr.missing': {
    title: facts =>
      `The address ${factText(facts, 'address', 'of a server', 45)} has no name (PTR record)${receiving(facts)}.`,
    why: 'Gmail, Yahoo and Microsoft refuse or delay mail from an address without a name.',
    fix: facts =>
      `Whoever rents you the server sets it, usually in its console under “reverse DNS”: the name the server greets with, such as mail.example.com, for ${factText(facts, 'address', 'the address', 45)}.`,
  },
  'ptr.not-confirmed': {
    title: facts =>
      `The name of ${factText(facts, 'address', 'an address', 45)}${factPhrase(facts, 'host', ', ', ',')} does not lead back to it${receiving(facts)}.`,
    why: 'A name counts only when it has that very address; otherwise receivers treat the server as one without a name.',
    fix: facts =>
      `Publish an address record for ${factText(facts, 'host', 'the name', 100)} with ${factText(facts, 'address', 'that address', 45)}, or let the PTR record name a host that has it.`,
  },
  'ptr.generic': {
    title: facts =>
      `The name of ${factText(facts, 'address', 'an address', 45)} is one that providers give to any machine${receiving(facts)}.`,
    why: 'Such names belong to home connections and rented machines; many receivers turn their mail away unread.',
    fix: facts =>
      `Set a name of your own in place of ${factText(facts, 'host', 'it', 100)}, such as mail.example.com, and publish its address record.`,
  },
}

function receiving(facts: Parameters<FindingWords['title']>[0]): string {
  return factText(facts, 'role', '') === 'mx' ? '; it takes your mail' : ''
}

const soaFix: Readonly<Record<string, string>> = {
  'expire-too-short': 'Set expire to a week or more, and longer than refresh and retry together.',
  'negative-ttl-long': 'Set the last value (minimum) to an hour, at most to a day.',
  'retry-longer-than-refresh': 'Set retry to a fraction of refresh.',
  'contact-invalid': 'Write the contact with a dot in place of the @ sign, as in hostmaster.example.com.',
  'server-invalid': 'Name your first nameserver in it.',
}
