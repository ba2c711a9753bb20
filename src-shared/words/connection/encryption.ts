import type { ConnectionFailureCode } from '../../model/connection.ts'
import { listOf } from '../phrases.ts'
import { always, type ConnectionWords, dateOf, hostOf, listOfFact, rfc, serverOf, textOf } from './words.ts'

type TlsCode = Extract<ConnectionFailureCode, `tls.${string}`>

const pin =
  'If the server is your own and you know this certificate, accept it for this mailbox: only this one, by its fingerprint.'
const checkServer = 'Check the server name.'
const operator = 'Tell whoever runs the server; mail programs of others refuse it too.'
const notSent = 'The password was not sent.'

export const encryptionWords: Record<TlsCode, ConnectionWords> = {
  'tls.wrong-mode': {
    title: facts => {
      const speaks = textOf(facts, 'speaks', '')
      if (speaks === 'tls') return `${serverOf(facts)} expects encryption from the start (TLS).`
      return speaks === 'starttls'
        ? `${serverOf(facts)} begins unencrypted and then switches (STARTTLS).`
        : `${serverOf(facts)} does not begin with encryption.`
    },
    cause: always(`The port and the kind of encryption do not belong together. ${notSent}`),
    fixes: always([
      'Choose the other kind of encryption, or take one of the servers below that answered.',
      'As a rule 465 and 993 go with TLS, 587 and 143 with STARTTLS.',
    ]),
    link: rfc(8314, '3'),
    retry: 'never',
  },
  'tls.starttls-missing': {
    title: facts => `${serverOf(facts)} offers no encryption (STARTTLS).`,
    cause: always(
      `The server has none on this port, or something in between, such as an antivirus program or a foreign network, removed the offer. ${notSent}`,
    ),
    fixes: always([
      'Use port 465 or 993 with TLS, if one of them answered.',
      'Try another network: some remove the offer of encryption to read along.',
      'Switch off mail scanning in the antivirus program.',
    ]),
    link: rfc(3207, '6'),
    retry: 'never',
  },
  'tls.starttls-refused': {
    title: facts => `${serverOf(facts)} offered encryption and then refused it.`,
    cause: always('Its TLS is not set up, or not ready for the moment.'),
    fixes: always(['Use port 465 or 993 with TLS.', 'Try again in a few minutes.', operator]),
    link: rfc(3207, '4'),
    retry: 'later',
  },
  'tls.starttls-injected': {
    title: facts => `Somebody meddled with the connection to ${hostOf(facts)}.`,
    cause: always(
      `Unencrypted text came along with the switch to encryption, as in an attack that slips in commands. The connection was dropped. ${notSent}`,
    ),
    fixes: always([
      'Use port 465 or 993 with TLS from the start, where this cannot happen.',
      'Try another network.',
      'If it happens everywhere, the server is at fault: tell its operator.',
    ]),
    link: rfc(3207, '6'),
    retry: 'never',
  },
  'tls.plain-not-allowed': {
    title: facts => `The connection to ${serverOf(facts)} would not be encrypted.`,
    cause: always(
      'Anybody on the way could read the password. Rookery does that only where it is allowed for the mailbox.',
    ),
    fixes: facts => [
      facts['offersStartTls'] === true
        ? 'Choose STARTTLS: the server offers it.'
        : 'Use port 465 or 993 with TLS.',
      'Only for a server on this machine or in your own network: allow unencrypted connections for this mailbox.',
    ],
    link: rfc(8314, '3'),
    retry: 'never',
  },
  'tls.handshake-failed': {
    title: facts => `No encrypted connection to ${serverOf(facts)} could be agreed on.`,
    cause: always('The server and this machine found no common way, or something disturbed the negotiation.'),
    fixes: always([
      'Use one of the other ports below, if any answered.',
      'Switch off mail scanning in the antivirus program.',
      operator,
    ]),
    link: null,
    retry: 'never',
  },
  'tls.protocol-old': {
    title: facts => `${serverOf(facts)} knows only an encryption that is no longer safe.`,
    cause: always(`It stops at TLS 1.1 or older; TLS 1.2 is what is needed at least. ${notSent}`),
    fixes: always([
      'Ask whoever runs the server to switch on TLS 1.2 or 1.3.',
      'Use one of the other ports below, if any answered.',
    ]),
    link: rfc(8996, '1'),
    retry: 'never',
  },
  'tls.cert-expired': {
    title: facts =>
      `The certificate of ${hostOf(facts)} expired on ${dateOf(facts, 'validToAt', 'an earlier day')}.`,
    cause: always(`Nobody renewed it, so it proves nothing any more. ${notSent}`),
    fixes: always([
      operator,
      'Check the date and time of this machine.',
      'If the server is your own, renew the certificate; an expired one cannot be accepted, not even by its fingerprint.',
    ]),
    link: null,
    retry: 'later',
  },
  'tls.cert-not-yet-valid': {
    title: facts =>
      `The certificate of ${hostOf(facts)} is valid only from ${dateOf(facts, 'validFromAt', 'a later day')} on.`,
    cause: always('Most often the clock of this machine is wrong.'),
    fixes: always(['Check the date and time of this machine.', operator]),
    link: null,
    retry: 'later',
  },
  'tls.cert-self-signed': {
    title: facts => `${hostOf(facts)} vouches for itself: its certificate is self-signed.`,
    cause: always(`Anybody can make such a certificate, so it does not show who answers. ${notSent}`),
    fixes: always([
      pin,
      'Get a certificate that programs trust, for example from Let’s Encrypt.',
      checkServer,
    ]),
    link: null,
    retry: 'never',
  },
  'tls.cert-name-mismatch': {
    title: facts => `The certificate of ${hostOf(facts)} is made out to somebody else.`,
    cause: facts => {
      const names = listOfFact(facts, 'names')
      return names.length === 0 ? 'It holds no name of a server.' : `It holds for ${listOf(names)}.`
    },
    fixes: facts => {
      const [name] = listOfFact(facts, 'names').filter(one => !one.startsWith('*'))
      return [
        name === undefined
          ? checkServer
          : `Use ${name} as the server name, if the provider’s help pages say so too.`,
        'A mail server under your own domain often runs under the provider’s name: look there.',
        pin,
      ]
    },
    link: rfc(9525, '6'),
    retry: 'never',
  },
  'tls.cert-untrusted': {
    title: facts => `Nobody this machine trusts vouches for ${hostOf(facts)}.`,
    cause: facts =>
      `Its certificate was issued by ${textOf(facts, 'issuer', 'an unknown authority')}, or the server leaves out a part of the chain. ${notSent}`,
    fixes: always([operator, pin, 'In a company: install its own authority on this machine.']),
    link: null,
    retry: 'never',
  },
  'tls.cert-intercepted': {
    title: facts => `A program on this machine or network opens the connection to ${hostOf(facts)}.`,
    cause: facts =>
      `The certificate is not the server’s but one made by ${textOf(facts, 'issuer', 'a scanner')}, which reads along. ${notSent}`,
    fixes: always([
      'Switch off the scanning of mail or of encrypted connections in that program.',
      'In a company: ask for the mail server to be left out of the inspection.',
    ]),
    link: null,
    retry: 'never',
  },
  'tls.cert-invalid': {
    title: facts => `The certificate of ${hostOf(facts)} cannot be accepted.`,
    cause: always(`It is revoked, too weak, or not meant for servers. ${notSent}`),
    fixes: always([operator, checkServer]),
    link: null,
    retry: 'never',
  },
  'tls.cert-changed': {
    title: facts => `${hostOf(facts)} shows another certificate than the one that was accepted.`,
    cause: always(`Either its operator replaced it, or somebody else answers. ${notSent}`),
    fixes: always([
      'Ask whoever runs the server whether the certificate was replaced, and compare the fingerprint.',
      'Only then accept the new one for this mailbox.',
    ]),
    link: null,
    retry: 'never',
  },
}
