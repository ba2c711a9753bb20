import { aliases, mail, type OwnGuide, texts } from './step.ts'

/** The guides whose form is drawn beside each step; `place` is the part that the drawing marks. */
export const ownGuides: Readonly<Record<string, OwnGuide>> = {
  godaddy: {
    title: 'Publish a record at GoDaddy',
    steps: [
      { text: 'Sign in to GoDaddy and open Domain Portfolio.' },
      { text: 'Select {zone}, then choose DNS. You see the list of DNS records.' },
      { text: 'Press Add New Record.', place: 'add', when: 'add' },
      {
        text: 'Find the {type} row named {name} and press the pencil (Edit).',
        place: 'row',
        when: 'replace',
      },
      { text: 'Type: choose {type}.', field: 'type', place: 'type', when: 'add' },
      {
        text: 'Name: type {name}',
        hint: 'Only this. GoDaddy adds {zone} by itself; @ stands for {zone}.',
        field: 'name',
        place: 'name',
      },
      { text: 'Priority: type {priority}', field: 'priority', place: 'priority', onlyFor: mail },
      { text: 'Value: paste {value}', hint: 'No quotation marks around it.', field: 'value', place: 'value' },
      {
        text: 'TTL: leave it as it is.',
        hint: 'TTL is how long others may remember the answer.',
        place: 'ttl',
      },
      {
        place: 'save',
        text: 'Press Save.',
        hint: 'GoDaddy may ask for a code by text message or e-mail first.',
      },
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
        place: 'mail-settings',
        onlyFor: mail,
      },
      {
        text: 'Under Host Records press Add New Record.',
        place: 'add',
        when: 'add',
        onlyFor: ['TXT', 'CNAME'],
      },
      { text: 'Under Mail Settings press Add New Record.', place: 'add', when: 'add', onlyFor: mail },
      {
        text: 'Find the {type} row whose Host is {name} and click into its value.',
        place: 'row',
        when: 'replace',
      },
      { text: 'Type: choose {type} Record.', field: 'type', place: 'type', when: 'add' },
      {
        text: 'Host: type {name}',
        hint: 'Only this. Namecheap adds {zone} by itself.',
        field: 'name',
        place: 'name',
      },
      { text: 'Value: paste {value}', field: 'value', place: 'value', onlyFor: ['TXT', 'MX'] },
      { text: 'Target: paste {value}', field: 'value', place: 'value', onlyFor: aliases },
      { text: 'Priority: type {priority}', field: 'priority', place: 'priority', onlyFor: mail },
      { text: 'TTL: leave it at Automatic.', place: 'ttl' },
      { text: 'Press the green tick at the end of the row, or Save All Changes.', place: 'save' },
    ],
  },
  cloudflare: {
    title: 'Publish a record at Cloudflare',
    steps: [
      { text: 'Sign in to Cloudflare and choose the account, then {zone}.' },
      { text: 'Open DNS, then Records.' },
      { text: 'Press Add record.', place: 'add', when: 'add' },
      { text: 'Find the {type} row named {name} and press Edit.', place: 'row', when: 'replace' },
      { text: 'Type: choose {type}.', field: 'type', place: 'type', when: 'add' },
      { text: 'Name: type {name}', hint: '@ stands for {zone}.', field: 'name', place: 'name' },
      {
        text: 'Content: paste {value}',
        hint: 'Cloudflare adds the quotation marks itself.',
        field: 'value',
        place: 'value',
        onlyFor: texts,
      },
      { text: 'Target: paste {value}', field: 'value', place: 'value', onlyFor: aliases },
      {
        text: 'Proxy status: switch it off, so that it says DNS only.',
        hint: 'The cloud turns from orange to grey.',
        place: 'proxy',
        onlyFor: aliases,
      },
      { text: 'Mail server: paste {value}', field: 'value', place: 'value', onlyFor: mail },
      { text: 'Priority: type {priority}', field: 'priority', place: 'priority', onlyFor: mail },
      { text: 'TTL: leave it at Auto.', place: 'ttl' },
      { text: 'Press Save.', place: 'save' },
    ],
  },
}
