import type { RecordType } from './step.ts'

/** What a provider calls the parts of its form. What is left out is not known, or differs between its pages. */
export type ProviderLabels = {
  /** The way to the records once signed in, as a sentence. */
  readonly open: string
  /** The button that begins a new record. */
  readonly add?: string
  readonly name?: string
  readonly value?: string | Partial<Record<RecordType, string>>
  readonly priority?: string
  /** The button that publishes it. */
  readonly save?: string
}

/** From the providers' help pages and the field notes; a label that is not sure is not given. */
export const providerLabels: Readonly<Record<string, ProviderLabels>> = {
  'namecheap-hosting': {
    open: 'In cPanel open Zone Editor and press Manage beside {zone}.',
    add: 'Add Record',
    name: 'Name',
    value: 'Record',
    priority: 'Priority',
    save: 'Save Record',
  },
  route53: {
    open: 'Open Hosted zones and choose {zone}.',
    add: 'Create record',
    name: 'Record name',
    value: 'Value',
    save: 'Create records',
  },
  'google-cloud-dns': {
    open: 'Open Network services, Cloud DNS, and choose the zone of {zone}.',
    add: 'Add standard',
    name: 'DNS name',
    value: { TXT: 'TXT data', CNAME: 'Canonical name' },
    save: 'Create',
  },
  squarespace: {
    open: 'Open Domains, {zone}, DNS, and go down to Custom records.',
    add: 'Add record',
    name: 'Host',
    value: 'Data',
    priority: 'Priority',
    save: 'Save',
  },
  ionos: {
    open: 'Open Domains & SSL, choose {zone}, then the tab DNS.',
    add: 'Add record',
    name: 'Host name',
    value: { TXT: 'Value', CNAME: 'Points to', MX: 'Points to' },
    priority: 'Priority',
    save: 'Save',
  },
  hostinger: {
    open: 'Open Domains, press Manage beside {zone}, then DNS / Nameservers.',
    name: 'Name',
    value: { TXT: 'TXT value', CNAME: 'Target', MX: 'Mail server' },
    priority: 'Priority',
    save: 'Add Record',
  },
  bluehost: {
    open: 'Open Domains, {zone}, then DNS. In cPanel it is called Zone Editor.',
    add: 'Add Record',
    save: 'Save',
  },
  hostgator: {
    open: 'Open Domains, {zone}, then DNS. In cPanel it is called Zone Editor.',
    add: 'Add Record',
    save: 'Save',
  },
  'network-solutions': { open: 'Open My Domain Names, {zone}, then Manage Advanced DNS Records.' },
  'name-com': {
    open: 'Open My Domains, {zone}, then Manage DNS Records.',
    name: 'Host',
    value: 'Answer',
    priority: 'Priority',
    save: 'Add Record',
  },
  porkbun: {
    open: 'Open Domain Management and press DNS below {zone}.',
    name: 'Host',
    value: 'Answer',
    priority: 'Priority',
    save: 'Add',
  },
  gandi: {
    open: 'Open Domain, {zone}, then DNS Records.',
    add: 'Add record',
    name: 'Name',
    value: { TXT: 'Text value', CNAME: 'Hostname', MX: 'Hostname' },
    priority: 'Priority',
    save: 'Create',
  },
  ovh: {
    open: 'Open Web Cloud, Domain names, {zone}, then the tab DNS zone.',
    add: 'Add an entry',
    name: 'Sub-domain',
    value: { TXT: 'Value', CNAME: 'Target', MX: 'Target' },
    priority: 'Priority',
    save: 'Confirm',
  },
  hetzner: {
    open: 'Choose the zone {zone}, then Records.',
    name: 'Name',
    value: { TXT: 'Value', MX: 'Mail server' },
    priority: 'Priority',
    save: 'Add record',
  },
  digitalocean: {
    open: 'Open Networking, Domains, {zone}.',
    name: 'Hostname',
    value: { TXT: 'Value', CNAME: 'Is an alias of', MX: 'Mail providers mail server' },
    priority: 'Priority',
    save: 'Create Record',
  },
  vercel: {
    open: 'Open Domains, {zone}, and go down to DNS Records.',
    name: 'Name',
    value: 'Value',
    priority: 'Priority',
    save: 'Add',
  },
  netlify: {
    open: 'Open Domains, {zone}, and go down to DNS records.',
    add: 'Add new record',
    name: 'Name',
    value: 'Value',
    priority: 'Priority',
    save: 'Save',
  },
  dnsimple: {
    open: 'Choose {zone}, then DNS, and press Manage beside the records.',
    add: 'Add',
    name: 'Name',
    value: { TXT: 'Content', CNAME: 'Alias for', MX: 'Mail server' },
    priority: 'Priority',
    save: 'Add record',
  },
  azure: {
    open: 'Open DNS zones, {zone}, then Recordsets.',
    add: 'Add',
    name: 'Name',
    value: { TXT: 'Value', CNAME: 'Alias', MX: 'Mail exchange' },
    priority: 'Preference',
    save: 'Add',
  },
  linode: {
    open: 'Open Domains and choose {zone}.',
    name: 'Hostname',
    value: { TXT: 'Value', CNAME: 'Alias to', MX: 'Mail Server' },
    priority: 'Preference',
    save: 'Save',
  },
  wix: {
    open: 'Open Domains, the menu beside {zone}, then Manage DNS Records.',
    add: 'Add Record',
    name: 'Host Name',
    value: { TXT: 'Value', CNAME: 'Value', MX: 'Points to' },
    priority: 'Priority',
    save: 'Save',
  },
  'wordpress-com': {
    open: 'Open Domains, {zone}, DNS records, and press Manage.',
    add: 'Add a record',
    name: 'Name',
    value: { TXT: 'Text', CNAME: 'Alias of' },
  },
  hover: {
    open: 'Choose {zone}, then the tab DNS.',
    add: 'Add a record',
    name: 'Hostname',
    value: { TXT: 'Content', MX: 'Mail server' },
    priority: 'Priority',
    save: 'Add record',
  },
  dynadot: {
    open: 'Open Manage Domains, {zone}, DNS Settings, and choose Dynadot DNS.',
    save: 'Save DNS',
  },
  namesilo: {
    open: 'Open Domain Manager and choose Manage DNS beside {zone}.',
    name: 'Hostname',
    value: { TXT: 'Text', CNAME: 'Target Hostname', MX: 'Target Hostname' },
    save: 'Submit',
  },
  dreamhost: {
    open: 'Open Websites, Manage Websites, and press DNS Settings beside {zone}.',
    add: 'Add Record',
    name: 'Host',
    value: { TXT: 'TXT Value', CNAME: 'Points to', MX: 'Points to' },
    priority: 'Priority',
    save: 'Add Record',
  },
  shopify: {
    open: 'Open Settings, Domains, {zone}, then Domain settings and Edit DNS settings.',
    add: 'Add custom record',
    name: 'Name',
    value: { TXT: 'TXT value', CNAME: 'Points to', MX: 'Points to' },
    priority: 'Priority',
    save: 'Confirm',
  },
  infomaniak: {
    open: 'Open Domains, {zone}, then DNS zone in the menu at the left.',
    add: 'Add a record',
    name: 'Source',
    value: 'Target',
    priority: 'Priority',
    save: 'Save',
  },
  strato: {
    open: 'Open Domains, Manage domains, the wheel beside {zone}, then DNS.',
    name: 'Prefix (Präfix)',
    value: 'Value (Wert)',
  },
  aruba: { open: 'Open the panel of {zone}, then DNS and name server management.' },
}
