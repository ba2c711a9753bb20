import type { DnsQuirk } from '../../model/provider.ts'
import { aliases, type Pitfall, targets, texts } from './step.ts'

/** What trips people at a provider. */
export const quirkWords: Record<DnsQuirk, Pitfall> = {
  'appends-domain': {
    text: '{provider} adds {zone} to the name by itself. Type the short name shown here; the full one would end up as {zone}.{zone}.',
  },
  'cname-proxied': {
    text: 'New CNAME records start as Proxied (orange cloud). A proxied name answers with web addresses instead of the alias, and the mail check fails. Choose DNS only (grey cloud).',
    onlyFor: aliases,
  },
  'cname-flattened-at-apex': {
    text: 'A CNAME at {zone} itself is answered with addresses. Mail records never need one there.',
    onlyFor: aliases,
  },
  'mail-settings-custom-mx': {
    text: 'MX records can be edited only while Mail Settings says Custom MX. With another choice, such as Email Forwarding, Namecheap publishes its own MX and SPF records, and the one you add may not be published.',
    onlyFor: ['MX', 'TXT'],
  },
  'long-txt-box-1024': {
    text: 'The value box takes up to 1,024 characters. That is enough for a 2048-bit DKIM key.',
    onlyFor: texts,
  },
  'long-txt-box-512': {
    text: 'The value box takes about 512 characters. That is enough for a 2048-bit DKIM key, not for a longer one.',
    onlyFor: texts,
  },
  'one-set-per-name': {
    text: 'All values of one name and type form one entry. If that entry exists, open it and add the value on a line of its own; do not overwrite the other lines.',
  },
  'target-needs-trailing-dot': {
    text: 'End the target with a dot, as shown here. Without it {zone} may be added to the target.',
    onlyFor: targets,
  },
  'default-mail-records': {
    text: '{provider} puts its own SPF and DKIM records into new zones. Edit its SPF record instead of adding a second one.',
    onlyFor: texts,
  },
  'slow-publish': { text: '{provider} can take several hours to publish a change.' },
  'minimum-ttl-3600': {
    text: 'The shortest TTL is one hour, so a correction takes at least that long to be seen.',
  },
  'limited-records': {
    text: 'Some record types and names cannot be added here. If a box refuses the name, ask {provider} or move the DNS of the domain elsewhere.',
  },
  'own-dkim-type': {
    text: 'For a long DKIM key choose the record type DKIM, not TXT. It splits the key as DNS needs it.',
    onlyFor: texts,
  },
  'shows-full-names': {
    text: 'After saving, the zone editor shows the full name with a dot at the end. That is right.',
  },
  'shared-nameservers': {
    text: 'Other services use the same nameservers. If you do not find {zone} here, look where the domain was bought or the site is hosted.',
  },
  'nameservers-not-own': {
    text: '{provider} uses the nameservers of another company; the records are still edited here.',
  },
}

export const onlyOneRecord: Pitfall = {
  text: 'Change the record that is there, and delete any other of its kind: with two SPF or two DMARC records receivers ignore both.',
  onlyFor: texts,
}
