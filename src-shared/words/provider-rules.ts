import type { ProviderRule, ProviderRuleCode } from '../model/discovery.ts'
import { clip } from './phrases.ts'

type RuleFacts = ProviderRule['facts']

export type RuleWords = {
  /** The rule in a few words. */
  readonly title: (facts: RuleFacts) => string
  /** What it means for whoever adds the mailbox, and what to do. */
  readonly text: (facts: RuleFacts) => string
  /** What the link leads to. */
  readonly link: string
}

function fact(facts: RuleFacts, name: string, fallback: string): string {
  const value = facts[name]
  if (typeof value === 'string' && value.trim() !== '') return clip(value, 60)
  return typeof value === 'number' && Number.isFinite(value) ? value.toLocaleString('en') : fallback
}

/** `2026-12-31` as `31 December 2026`; anything else as the fallback. */
function day(facts: RuleFacts, name: string, fallback: string): string {
  const at = Date.parse(`${fact(facts, name, '')}T00:00:00Z`)
  return Number.isNaN(at)
    ? fallback
    : new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}

const who = (facts: RuleFacts) => fact(facts, 'provider', 'This provider')
const units = { messages: 'messages', recipients: 'recipients' } as const

export const providerRuleWords: Record<ProviderRuleCode, RuleWords> = {
  'oauth-only': {
    title: facts => `${who(facts)} takes no passwords from mail programs`,
    text: facts =>
      `Passwords and app passwords ended ${day(facts, 'since', 'some time ago')}. Sign in with Microsoft instead.`,
    link: 'What the provider says',
  },
  'imap-oauth-only': {
    title: facts => `${who(facts)} needs a sign-in to read mail`,
    text: facts =>
      `IMAP with a password ended in ${day(facts, 'since', 'October 2022').replace(/^\d+ /, '')}. Sign in with Microsoft; one sign-in serves sending and reading.`,
    link: 'What Microsoft says',
  },
  'smtp-password-ending': {
    title: facts =>
      `Sending with a password ends ${day(facts, 'until', 'soon')} unless an administrator acts`,
    text: facts =>
      `Until ${day(facts, 'until', 'then')} it works where it is switched on. After that it is off for every organisation, and an administrator can switch it on again; for new organisations it cannot be had. The final date is announced by ${day(facts, 'finalAnnouncedBy', 'the end of 2027').replace(/^\d+ /, '')}. Sign in instead, and none of this matters.`,
    link: 'Microsoft’s timeline',
  },
  'smtp-login-off-by-default': {
    title: () => 'Sending may be switched off in three places',
    text: facts =>
      `${who(facts)} lets a mailbox send from programs only when the security defaults, the setting of the organisation and the setting of the mailbox all allow it. An administrator can change each.`,
    link: 'Where the three settings are',
  },
  'password-login-ended': {
    title: facts => `${who(facts)} refuses the normal password`,
    text: facts =>
      `Since ${day(facts, 'since', 'some time ago')} mail programs need an app password or a sign-in; the password of the account is refused although it is right.`,
    link: 'What the provider says',
  },
  'app-password-needed': {
    title: facts => `${who(facts)} needs an app password`,
    text: () =>
      'Make one in the account settings, for this program alone, and use it here in place of the normal password.',
    link: 'Make an app password',
  },
  'app-password-with-two-step': {
    title: facts =>
      facts['whenTwoStep'] === true
        ? 'With two-step verification an app password is needed'
        : `${who(facts)} needs an app password, and two-step verification for it`,
    text: facts =>
      facts['whenTwoStep'] === true
        ? 'When the account asks for a second step, the normal password is refused here. Make an app password and use that.'
        : 'App passwords can be made only when two-step verification is on. Switch it on, make one, and use it here.',
    link: 'Make an app password',
  },
  'app-password-may-be-blocked': {
    title: () => 'The organisation may forbid app passwords',
    text: facts =>
      `An administrator of ${fact(facts, 'provider', 'the provider')} can switch them off. If the page for app passwords is missing, sign in instead, or ask.`,
    link: 'What the administrator can set',
  },
  'authorisation-code-needed': {
    title: facts => `${who(facts)} needs an authorisation code`,
    text: () =>
      'Switch IMAP and SMTP on in the web settings. A code is shown there once; use it in place of the password.',
    link: 'Where to get it',
  },
  'imap-to-be-enabled': {
    title: () => 'IMAP has to be switched on first',
    text: facts =>
      `${who(facts)} lets programs in only after you allow IMAP (and POP3) in the settings of its web page. Until then even the right password is refused.`,
    link: 'Where to switch it on',
  },
  'other-apps-to-be-allowed': {
    title: () => 'Other programs have to be allowed first',
    text: facts =>
      `In the web page of ${fact(facts, 'provider', 'the provider')}, allow access from other apps; two-factor authentication may have to be off for it.`,
    link: 'How to allow it',
  },
  'admin-consent-may-be-needed': {
    title: () => 'An administrator may have to approve the sign-in',
    text: () =>
      'Many organisations let nobody grant access to mail by themselves. Then the browser shows a request for approval, and an administrator has to answer it.',
    link: 'How approval works',
  },
  'own-client-needed': {
    title: () => 'Signing in needs a client ID of your own',
    text: facts =>
      `Unless this build brings one, ${fact(facts, 'provider', 'the provider')} wants a registration before mail may be read by sign-in. The steps stand under Settings, Sign-in. An app password works without.`,
    link: 'Where client IDs are made',
  },
  'bridge-needed': {
    title: () => 'Proton Mail Bridge has to run on this machine',
    text: () =>
      'Mail is encrypted before it reaches the server, so programs talk to the Bridge at 127.0.0.1. Use the user name and password the Bridge shows, not those of the account. Its certificate is its own and has to be accepted once.',
    link: 'Get the Bridge',
  },
  'no-imap': {
    title: facts => `${who(facts)} cannot be used with other programs`,
    text: () => 'It has neither IMAP nor SMTP. Use another mailbox for sending.',
    link: 'What the provider says',
  },
  'forwarding-only': {
    title: () => 'Mail to this domain is only forwarded',
    text: facts =>
      `${who(facts)} hands mail on and has no mailbox to log in to. Sending goes through the servers of another provider; enter those.`,
    link: 'What the provider says',
  },
  'paid-plan-needed': {
    title: () => 'A paid plan is needed',
    text: facts => `${who(facts)} lets other programs in from the plan “${fact(facts, 'plan', 'paid')}” on.`,
    link: 'Plans',
  },
  'servers-by-region': {
    title: () => 'The servers differ by region',
    text: facts =>
      `${who(facts)} keeps accounts in several regions, each with its own servers. If the login fails although everything is right, look up the region of the account.`,
    link: 'List of servers',
  },
  'servers-by-account': {
    title: () => 'The servers differ by account',
    text: facts =>
      `${who(facts)} gives each customer a server of its own. Its name stands in the control panel or in the welcome message.`,
    link: 'Help of the provider',
  },
  'user-is-own-name': {
    title: () => 'The user name may differ from the address',
    text: facts =>
      `For an address at your own domain or an alias, log in with the main address of the ${fact(facts, 'provider', 'provider')} account.`,
    link: 'What the provider says',
  },
  'sending-cap': {
    title: facts => {
      const unit = facts['counts'] === 'recipients' ? units.recipients : units.messages
      return `At most ${fact(facts, 'most', 'some')} ${unit} a ${fact(facts, 'per', 'day')}`
    },
    text: facts => {
      const plan = fact(facts, 'plan', '')
      const about = facts['sure'] === true ? '' : ' The figure is from experience and may differ.'
      return `${who(facts)} stops a mailbox that sends more${plan === '' ? '' : ` on the plan “${plan}”`}. Warmup stays far below it.${about}`
    },
    link: 'Limits of the provider',
  },
}

/** One rule in words, with its link when it has one. */
export function describeProviderRule({ code, facts, link }: ProviderRule): {
  title: string
  text: string
  link: { readonly url: string; readonly label: string } | null
} {
  const words = providerRuleWords[code]
  return {
    title: words.title(facts),
    text: words.text(facts),
    link: link === null ? null : { url: link, label: words.link },
  }
}
