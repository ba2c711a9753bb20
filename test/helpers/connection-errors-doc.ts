import { writeFileSync } from 'node:fs'
import { type ConnectionFailureCode, connectionFailureCodes } from '#shared/model/connection.ts'
import { describeConnectionFailure, phaseWords } from '#shared/words/connection.ts'
import { connectionScenarios } from './connection-scenarios.ts'

const families: readonly (readonly [string, string])[] = [
  ['dns', 'Finding the server'],
  ['net', 'The way there'],
  ['tls', 'Encryption and certificates'],
  ['server', 'What the server says first'],
  ['auth', 'Logging in'],
  ['limit', 'Limits'],
  ['send', 'Sending'],
  ['imap', 'The mailbox'],
  ['arrival', 'What became of the test message'],
  ['test', 'The test itself'],
]

const retries = { now: 'now', later: 'later', never: 'after a change' } as const

/** docs/connection-errors.md: every failure of the connection test, from the codes, the words and the test servers. */
export function connectionErrorsDocument(): string {
  return [
    '# What the connection test can say',
    '',
    `${connectionFailureCodes.length} answers, made from the code, the words and the scripted servers of the tests by`,
    '`npm run connection-errors-doc`. The sentences stand here with example values. The last column says what the server in',
    '`test/helpers/connection-scenarios.ts` does to produce the answer, and the phase in which it shows;',
    '`test/unit/mailboxes/connection-codes.test.ts` runs each of them. A code marked ▲ is a notice: it stops nothing.',
    '',
    'How an answer is found: the class of an SMTP reply decides before anything else, so that a temporary refusal is never a',
    'wrong password; for IMAP precise words of the server go first, then its response code (RFC 5530). A connection that',
    'ends or falls silent is reported as that, in whatever phase it happens, and never as a matter of the password.',
    '',
    ...families.flatMap(section),
  ].join('\n')
}

function section([family, title]: readonly [string, string]): string[] {
  const codes = connectionFailureCodes.filter(code => code.startsWith(`${family}.`))
  return [
    `## ${title}`,
    '',
    line(['Code', 'What it says', 'Why', 'What to do, in order', 'Again', 'Server in the tests']),
    `|${'---|'.repeat(6)}`,
    ...codes.map(row),
    '',
  ]
}

function row(code: ConnectionFailureCode): string {
  const { title, cause, fixes, link, retry } = describeConnectionFailure({ code, facts: sampleFacts })
  const { server, phase, isNotice } = connectionScenarios[code]
  const steps = fixes.map((fix, index) => `${index + 1}. ${fix}`).join('<br>')
  const more = link === null ? '' : `<br>[More](${link})`
  const shown = `${server} (${phaseWords[phase].toLowerCase()})`
  return line([`${isNotice ? '▲ ' : ''}\`${code}\``, title, cause, `${steps}${more}`, retries[retry], shown])
}

const sampleFacts = {
  host: 'mail.example.com',
  port: 587,
  seconds: 12,
  alsoSilent: 'smtp.example.org',
  speaks: 'pop3',
  expected: 'smtp',
  names: ['mx.example.net'],
  issuer: 'CN=Example Authority',
  folder: 'Junk',
  folders: ['INBOX', 'Junk'],
  methods: ['spf', 'dmarc'],
  validToAt: Date.UTC(2026, 0, 31),
  validFromAt: Date.UTC(2027, 0, 1),
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

if (import.meta.main) {
  writeFileSync(new URL('../../docs/connection-errors.md', import.meta.url), connectionErrorsDocument())
}
