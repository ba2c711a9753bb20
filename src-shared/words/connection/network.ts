import type { ConnectionFailureCode } from '../../model/connection.ts'
import { always, type ConnectionWords, hostOf, rfc, serverOf, textOf } from './words.ts'

type NetworkCode = Extract<
  ConnectionFailureCode,
  `dns.${string}` | `net.${string}` | `server.${string}` | `test.${string}`
>

const checkName = 'Check the server name for a typing mistake.'
const otherPort = 'Use one of the other ports below, if any answered.'
const otherNetwork =
  'Try another network, such as a phone as hotspot, with VPN and antivirus off for a moment.'

export const networkWords: Record<NetworkCode, ConnectionWords> = {
  'dns.not-found': {
    title: facts => `There is no server named ${hostOf(facts)}.`,
    cause: always('The DNS has no address under this name.'),
    fixes: always([
      checkName,
      'Look up the server names in the help pages of the mail provider.',
      'If the server is your own and new, wait until its name can be seen everywhere.',
    ]),
    link: rfc(1034, '3.6'),
    retry: 'never',
  },
  'dns.timeout': {
    title: facts => `Could not look up ${hostOf(facts)}: the DNS server did not answer.`,
    cause: always(
      'This says nothing about the mail server or the password. Most often this machine is offline.',
    ),
    fixes: always([
      'Check the network connection, then try again.',
      'Choose another DNS server in the settings.',
    ]),
    link: null,
    retry: 'now',
  },
  'dns.failed': {
    title: facts => `Could not look up ${hostOf(facts)}: the DNS server had no usable answer.`,
    cause: always('The nameservers of this domain, or its DNSSEC signatures, may be in trouble.'),
    fixes: always([
      'Try again in a few minutes.',
      'Choose another DNS server in the settings.',
      'If the domain is yours, check it under Domains.',
    ]),
    link: null,
    retry: 'later',
  },
  'net.refused': {
    title: facts =>
      `${hostOf(facts)} takes no connections on port ${textOf(facts, 'port', 'that was given')}.`,
    cause: always('The machine is there, and nothing listens on this port.'),
    fixes: always([otherPort, 'Check the port: 465 or 587 for sending, 993 for reading.', checkName]),
    link: rfc(8314, '3'),
    retry: 'never',
  },
  'net.timeout': {
    title: facts => `No answer from ${serverOf(facts)} in ${textOf(facts, 'seconds', 'the given')} seconds.`,
    cause: always(
      'Something drops the connection: a firewall, a network that blocks mail ports, or a server that is down. The password was not sent.',
    ),
    fixes: always([
      otherPort,
      'Check the port: 465 or 587 for sending, 993 for reading.',
      otherNetwork,
      'Try again later.',
    ]),
    link: rfc(8314, '3'),
    retry: 'later',
  },
  'net.unreachable': {
    title: facts => `There is no way from here to ${hostOf(facts)}.`,
    cause: always(
      'This machine is offline, or the server has an address that this network cannot reach, such as IPv6 only.',
    ),
    fixes: always(['Check the network connection, then try again.', otherNetwork, checkName]),
    link: null,
    retry: 'now',
  },
  'net.reset': {
    title: facts => `${serverOf(facts)} cut the connection.`,
    cause: always(
      'The server, or something in between, ended it without a word. It says nothing about the password.',
    ),
    fixes: always([
      otherPort,
      otherNetwork,
      'Try again in a few minutes: some servers cut off whoever connects too often.',
    ]),
    link: null,
    retry: 'later',
  },
  'net.closed': {
    title: facts => `${serverOf(facts)} ended the conversation too early.`,
    cause: always(
      'The server closed the connection before it had answered. It says nothing about the password.',
    ),
    fixes: always([
      'Try again in a few minutes.',
      otherPort,
      'If it stays so, ask whoever runs the server what its log says.',
    ]),
    link: null,
    retry: 'later',
  },
  'net.port-blocked': {
    title: facts =>
      `This network blocks connections to mail servers${facts['port'] === undefined ? '' : ` (port ${textOf(facts, 'port', '')})`}.`,
    cause: facts =>
      facts['alsoSilent'] === undefined
        ? 'A program on this machine, such as a firewall, forbids the connection.'
        : `${textOf(facts, 'alsoSilent', 'A server that always answers')} is as silent as ${hostOf(facts)}, while a web page answers: something between here and them drops mail.`,
    fixes: always([
      otherNetwork,
      'Allow mail in the firewall or antivirus of this machine.',
      'Ask the provider of this network, or of the server this runs on, to open ports 465, 587 and 993.',
    ]),
    link: null,
    retry: 'later',
  },
  'net.captive-or-proxy': {
    title: facts => `A web page answers in place of the mail server ${hostOf(facts)}.`,
    cause: always(
      'The sign-in page of this network or a proxy is in between, or the port is that of a web server.',
    ),
    fixes: always([
      'Open a browser and sign in to the network (hotel, train, guest Wi-Fi), then try again.',
      'Check the port: 465 or 587 for sending, 993 for reading.',
      'Switch the proxy off for mail.',
    ]),
    link: null,
    retry: 'now',
  },
  'net.silent': {
    title: facts => `${serverOf(facts)} takes the connection and then says nothing.`,
    cause: always(
      'A mail server greets first. This one may be overloaded, delay callers it does not know, or be no mail server. The password was not sent.',
    ),
    fixes: always([
      otherPort,
      'Check the port and the kind of encryption.',
      'Try again in a few minutes.',
      otherNetwork,
    ]),
    link: rfc(5321, '4.5.3.2'),
    retry: 'later',
  },
  'net.no-reply': {
    title: facts => `${serverOf(facts)} stopped answering.`,
    cause: always(
      'It began to talk, and the next answer did not come in time. This is no answer about the password.',
    ),
    fixes: always([
      'Try again in a few minutes.',
      otherPort,
      'If it stays so, ask whoever runs the server what its log says.',
    ]),
    link: rfc(5321, '4.5.3.2'),
    retry: 'later',
  },
  'net.wrong-protocol': {
    title: facts =>
      `What answers at ${serverOf(facts)} is no ${nameOf(textOf(facts, 'expected', 'mail'))} server.`,
    cause: facts =>
      textOf(facts, 'speaks', 'unknown') === 'unknown'
        ? 'Its first words belong to no mail protocol.'
        : `Its first words are those of ${nameOf(textOf(facts, 'speaks', ''))}.`,
    fixes: always([
      'Check that the sending server (SMTP) and the reading server (IMAP) are not swapped.',
      'Check the port: 465 or 587 for sending, 993 for reading. POP3 cannot be used.',
      otherPort,
    ]),
    link: null,
    retry: 'never',
  },
  'net.too-much-data': {
    title: facts => `${serverOf(facts)} sent far more than a mail server should, so it was cut off.`,
    cause: always('It is broken, or means harm, or is no mail server.'),
    fixes: always([checkName, 'Check the port.', 'Ask whoever runs the server.']),
    link: null,
    retry: 'never',
  },
  'server.refused': {
    title: facts => `${serverOf(facts)} does not want to talk to this machine.`,
    cause: always(
      'It refused before anyone had logged in: the address of this network may be on a blacklist, or the server is not meant for people to log in.',
    ),
    fixes: always([
      'Use the server and port for sending from mail programs (submission), 465 or 587, not port 25.',
      otherNetwork,
      'Look at the reason the server gives below and ask its operator.',
    ]),
    link: rfc(6409, '3'),
    retry: 'later',
  },
  'server.unavailable': {
    title: facts => `${serverOf(facts)} cannot serve anyone right now.`,
    cause: always('It said itself that this is temporary.'),
    fixes: always(['Try again in a few minutes.', 'See whether the provider reports an outage.']),
    link: rfc(5321, '3.8'),
    retry: 'later',
  },
  'server.misbehaves': {
    title: facts => `${serverOf(facts)} gave an answer that makes no sense here.`,
    cause: always('It does not keep to the protocol, or something in between changes what it says.'),
    fixes: always([
      'Check the port and the kind of encryption.',
      'Switch off mail scanning in the antivirus program, then try again.',
      'Show the answer below to whoever runs the server.',
    ]),
    link: null,
    retry: 'never',
  },
  'test.cancelled': {
    title: always('The test was stopped.'),
    cause: always('Nothing was found out, and nothing is wrong as far as is known.'),
    fixes: always(['Start it again when you like.']),
    link: null,
    retry: 'now',
  },
}

const protocolNames: Readonly<Record<string, string>> = {
  smtp: 'SMTP (sending)',
  imap: 'IMAP (reading)',
  pop3: 'POP3',
  ftp: 'FTP',
  ssh: 'SSH',
}

function nameOf(protocol: string): string {
  return protocolNames[protocol] ?? protocol
}
