import type { RequiredRecord } from '../model/record-plan.ts'
import type { Guide, GuideStep } from '../model/guide.ts'
import type { DnsProvider, DnsQuirk } from '../model/provider.ts'

type RecordType = RequiredRecord['type']
/** The record a guide is for; without one, the guide covers adding a record of any type. */
export type GuideFor = Pick<RequiredRecord, 'type' | 'action'>

/** A step, and whether it is for a new record or for one that stands there. */
type Step = GuideStep & { readonly when?: 'add' | 'replace' }
type Pitfall = { readonly text: string; readonly onlyFor?: readonly RecordType[] }

const aliases: readonly RecordType[] = ['CNAME']
const texts: readonly RecordType[] = ['TXT']
const mail: readonly RecordType[] = ['MX']
const targets: readonly RecordType[] = ['CNAME', 'MX']

const quirkWords: Record<DnsQuirk, Pitfall> = {
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

const onlyOneRecord: Pitfall = {
  text: 'Change the record that is there, and delete any other of its kind: with two SPF or two DMARC records receivers ignore both.',
  onlyFor: texts,
}

type OwnGuide = { readonly title: string; readonly steps: readonly Step[] }

const ownGuides: Readonly<Record<string, OwnGuide>> = {
  godaddy: {
    title: 'Publish a record at GoDaddy',
    steps: [
      { text: 'Sign in to GoDaddy and open Domain Portfolio.' },
      { text: 'Select {zone}, then choose DNS. You see the list of DNS records.' },
      { text: 'Press Add New Record.', when: 'add' },
      { text: 'Find the {type} row named {name} and press the pencil (Edit).', when: 'replace' },
      { text: 'Type: choose {type}.', field: 'type', when: 'add' },
      {
        text: 'Name: type {name}',
        hint: 'Only this. GoDaddy adds {zone} by itself; @ stands for {zone}.',
        field: 'name',
      },
      { text: 'Priority: type {priority}', field: 'priority', onlyFor: mail },
      { text: 'Value: paste {value}', hint: 'No quotation marks around it.', field: 'value' },
      { text: 'TTL: leave it as it is.', hint: 'TTL is how long others may remember the answer.' },
      { text: 'Press Save.', hint: 'GoDaddy may ask for a code by text message or e-mail first.' },
    ],
  },
  namecheap: {
    title: 'Publish a record at Namecheap',
    steps: [
      { text: 'Sign in to Namecheap and open Domain List.' },
      { text: 'Press Manage beside {zone}, then open the tab Advanced DNS.' },
      {
        text: 'Go down to Mail Settings and choose Custom MX.',
        hint: 'With any other choice the MX rows cannot be edited.',
        onlyFor: mail,
      },
      { text: 'Under Host Records press Add New Record.', when: 'add', onlyFor: ['TXT', 'CNAME'] },
      { text: 'Under Mail Settings press Add New Record.', when: 'add', onlyFor: mail },
      { text: 'Find the {type} row whose Host is {name} and click into its value.', when: 'replace' },
      { text: 'Type: choose {type} Record.', field: 'type', when: 'add' },
      { text: 'Host: type {name}', hint: 'Only this. Namecheap adds {zone} by itself.', field: 'name' },
      { text: 'Value: paste {value}', field: 'value', onlyFor: ['TXT', 'MX'] },
      { text: 'Target: paste {value}', field: 'value', onlyFor: aliases },
      { text: 'Priority: type {priority}', field: 'priority', onlyFor: mail },
      { text: 'TTL: leave it at Automatic.' },
      { text: 'Press the green tick at the end of the row, or Save All Changes.' },
    ],
  },
  cloudflare: {
    title: 'Publish a record at Cloudflare',
    steps: [
      { text: 'Sign in to Cloudflare and choose the account, then {zone}.' },
      { text: 'Open DNS, then Records.' },
      { text: 'Press Add record.', when: 'add' },
      { text: 'Find the {type} row named {name} and press Edit.', when: 'replace' },
      { text: 'Type: choose {type}.', field: 'type', when: 'add' },
      { text: 'Name: type {name}', hint: '@ stands for {zone}.', field: 'name' },
      {
        text: 'Content: paste {value}',
        hint: 'Cloudflare adds the quotation marks itself.',
        field: 'value',
        onlyFor: texts,
      },
      { text: 'Target: paste {value}', field: 'value', onlyFor: aliases },
      {
        text: 'Proxy status: switch it off, so that it says DNS only.',
        hint: 'The cloud turns from orange to grey.',
        onlyFor: aliases,
      },
      { text: 'Mail server: paste {value}', field: 'value', onlyFor: mail },
      { text: 'Priority: type {priority}', field: 'priority', onlyFor: mail },
      { text: 'TTL: leave it at Auto.' },
      { text: 'Press Save.' },
    ],
  },
}

/** The steps every other provider has in common, said by its entry rule. */
function usualSteps(provider: DnsProvider | null): Step[] {
  const isFull = provider?.nameField === 'full'
  const isJoined = provider?.mx === 'joined'
  return [
    {
      text: provider
        ? `Sign in to ${provider.name} and open the DNS records of {zone}.`
        : 'Sign in where the DNS of {zone} is looked after: often where the domain was bought or the site is hosted.',
    },
    { text: 'Add a new record.', when: 'add' },
    { text: 'Find the {type} record named {name} and edit it.', when: 'replace' },
    { text: 'Type: choose {type}.', field: 'type', when: 'add' },
    {
      text: 'Name, sometimes called Host: type {name}',
      hint: isFull ? 'The full name is wanted here.' : nameHint(provider),
      field: 'name',
    },
    ...(isJoined
      ? []
      : [{ text: 'Priority: type {priority}', field: 'priority', onlyFor: mail } satisfies Step]),
    {
      text: 'Value, sometimes called Content or Target: paste {value}',
      ...(provider?.txt === 'quoted' ? { hint: 'The quotation marks belong to it.' } : {}),
      field: 'value',
      onlyFor: texts,
    },
    {
      text: 'Value, sometimes called Content or Target: paste {value}',
      ...(isJoined ? { hint: 'For MX the number in front is the priority; both go into one box.' } : {}),
      field: 'value',
      onlyFor: targets,
    },
    { text: 'TTL: leave it as it is.', hint: 'TTL is how long others may remember the answer.' },
    { text: 'Save.' },
  ]
}

function nameHint(provider: DnsProvider | null): string {
  if (provider === null)
    return 'If your provider wants full names, add .{zone} after it; @ then stands for {zone}.'
  return provider.apex === '@' ? '@ stands for {zone}.' : 'For {zone} itself leave the box empty.'
}

/**
 * The guide of a DNS provider for one record. `zone` is the name the records are edited under, which may be a parent of
 * the mail domain. The steps still hold `{type}`, `{name}`, `{value}` and `{priority}`; `fillGuideText` fills them.
 */
export function guideFor(provider: DnsProvider | null, zone: string, record: GuideFor | null = null): Guide {
  const own = provider === null ? undefined : ownGuides[provider.id]
  const when = record?.action === 'replace' ? 'replace' : 'add'
  const isWanted = (part: { readonly onlyFor?: readonly RecordType[] }) =>
    record === null || part.onlyFor === undefined || part.onlyFor.includes(record.type)
  const fill = (text: string) =>
    text.replaceAll('{provider}', provider?.name ?? 'Your provider').replaceAll('{zone}', zone)

  const steps = (own?.steps ?? usualSteps(provider)).filter(
    step => isWanted(step) && (step.when === undefined || step.when === when),
  )
  const pitfalls = [
    ...(when === 'replace' ? [onlyOneRecord] : []),
    ...(provider?.quirks ?? []).map(quirk => quirkWords[quirk]),
  ].filter(isWanted)
  return {
    providerId: provider?.id ?? null,
    title: own?.title ?? (provider ? `Publish a record at ${provider.name}` : 'Publish a record'),
    openUrl: provider?.deepLink?.replaceAll('{domain}', encodeURIComponent(zone)) ?? null,
    steps: steps.map(({ text, hint, field, onlyFor }) => ({
      text: fill(text),
      ...(hint === undefined ? {} : { hint: fill(hint) }),
      ...(field === undefined ? {} : { field }),
      ...(onlyFor === undefined ? {} : { onlyFor }),
    })),
    pitfalls: pitfalls.map(pitfall => fill(pitfall.text)),
  }
}

/** A step's text with the record's own name and value in it, as the provider wants them typed. */
export function fillGuideText(
  text: string,
  record: Pick<RequiredRecord, 'type' | 'enterName' | 'enterValue' | 'value'>,
): string {
  const parts: Record<string, string> = {
    type: record.type,
    name: record.enterName === '' ? 'nothing (leave the box empty)' : record.enterName,
    value: record.enterValue ?? 'the value your mail provider shows',
    priority: /^\d+(?=\s)/.exec(record.value ?? '')?.[0] ?? 'the number your mail provider shows',
  }
  return text.replaceAll(/\{(type|name|value|priority)\}/g, (_, part: string) => parts[part] ?? '')
}
