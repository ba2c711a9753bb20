import { dailyLimits } from '#shared/model/mailbox-values.ts'
import { type Failure, ok, type Result } from '#shared/failure.ts'
import type { ServerAddress } from '#shared/model/connection.ts'
import { dailyLimitSchema } from '#shared/model/domain.ts'
import { timeZoneSchema } from '#shared/model/mailbox.ts'
import type { ImportColumn, ImportProblem } from '#shared/model/mailbox-import.ts'
import { type ReadName, readMailboxAddress } from '../address.ts'
import { readServer } from './servers.ts'
import { readTable, type Table, type TableRow } from './read-table.ts'

/** The passwords of one row; they go to the vault and nowhere else. */
export type RowPasswords = { readonly password: string; readonly imapPassword: string | null }

/** One row as it can be used. `smtp` and `imap` are null where the servers are to be looked up. */
export type ListRow = {
  readonly line: number
  readonly address: string
  readonly key: string
  readonly domainName: string
  readonly senderName: string
  readonly smtp: ServerAddress | null
  readonly imap: ServerAddress | null
  readonly smtpUser: string | null
  readonly imapUser: string | null
  readonly dailyLimit: number | null
  readonly timeZone: string | null
  readonly signature: string
  readonly hasPassword: boolean
  readonly problems: readonly ImportProblem[]
}

export type MailboxList = Pick<Table, 'separator' | 'columns'> & {
  readonly rows: readonly ListRow[]
  /** By line, for rows without a problem. */
  readonly passwords: ReadonlyMap<number, RowPasswords>
}

const longestPassword = 1_000
const longestName = 200
const longestSignature = 10_000

/**
 * Reads a list of mailboxes; every problem is told by row, and no password stands in what is told. Fails as `readTable`.
 * `isKnown` tells whether a mailbox of that key is there already. Pure.
 */
export function readMailboxList(
  text: string,
  { readName, isKnown }: { readName: ReadName; isKnown: (key: string) => boolean },
): Result<MailboxList, 'csv-empty' | 'csv-without-address' | 'import-too-large'> {
  const table = readTable(text)
  if (!table.ok) return table
  const passwords = new Map<number, RowPasswords>()
  const lines = new Map<string, number>()
  const rows = table.value.rows.map(row => {
    const { read, secret } = readRow(row, readName)
    const earlier = lines.get(read.key)
    const problems = [...read.problems]
    if (read.key !== '' && earlier !== undefined)
      problems.push({ code: 'address-twice', facts: { line: earlier } })
    else if (read.key !== '' && isKnown(read.key)) problems.push({ code: 'address-known', facts: {} })
    if (read.key !== '' && earlier === undefined) lines.set(read.key, row.line)
    if (problems.length === 0 && secret !== null) passwords.set(row.line, secret)
    return { ...read, problems }
  })
  const { separator, columns } = table.value
  return ok({ separator, columns, rows, passwords })
}

function readRow(row: TableRow, readName: ReadName): { read: ListRow; secret: RowPasswords | null } {
  const problems: ImportProblem[] = []
  const tell = (code: ImportProblem['code'], facts: ImportProblem['facts'] = {}) =>
    void problems.push({ code, facts })
  const field = (column: ImportColumn) => row.fields?.[column]?.trim() ?? ''
  // What stands around a password may belong to it.
  const secretOf = (column: ImportColumn) => row.fields?.[column] ?? ''

  if (row.fields === null) tell('quotes')
  // A password of which one character was guessed would lock the account.
  if (Object.values(row.fields ?? {}).some(text => text.includes('\uFFFD'))) tell('encoding')
  if (row.extraFields > 0) tell('too-many-fields', { count: row.extraFields })
  const typed = field('address')
  const address = readMailboxAddress(typed, readName)
  if (row.fields !== null && typed === '') tell('address-missing')
  else if (row.fields !== null && !address.ok) {
    tell('address-invalid', addressFacts(address.failure))
  }

  const smtp = readServer('smtp', serverFields(field, 'smtp'))
  const imap = readServer('imap', serverFields(field, 'imap'))
  problems.push(...smtp.problems, ...imap.problems)
  const users = [field('smtpUser') || field('user'), field('imapUser') || field('user')]
  if (users.some(user => user.length > 320 || hasControl(user))) tell('user-invalid')

  const password = secretOf('smtpPassword') || secretOf('password')
  const imapPassword = secretOf('imapPassword')
  const given = [password, imapPassword].filter(text => text !== '')
  if (row.fields !== null && password.trim() === '') tell('password-missing')
  else if (given.some(text => text.length > longestPassword || hasControl(text))) tell('password-character')

  const limit = field('dailyLimit')
  const dailyLimit = limit === '' ? null : Number(limit)
  if (dailyLimit !== null && !dailyLimitSchema.safeParse(dailyLimit).success) {
    tell('limit-invalid', { limit: limit.slice(0, 20), least: dailyLimits.least, most: dailyLimits.most })
  }
  const timeZone = field('timeZone')
  if (timeZone !== '' && !timeZoneSchema.safeParse(timeZone).success) {
    tell('time-zone-invalid', { zone: timeZone.slice(0, 60) })
  }
  const senderName = field('senderName') || [field('firstName'), field('lastName')].join(' ').trim()
  const signature = row.fields?.signature ?? ''
  if (senderName.length > longestName || signature.length > longestSignature) tell('text-too-long')

  const read: ListRow = {
    line: row.line,
    address: address.ok ? address.value.address : typed.slice(0, 100),
    key: address.ok ? address.value.key : '',
    domainName: address.ok ? address.value.domainName : '',
    senderName,
    smtp: smtp.server,
    imap: imap.server,
    smtpUser: users[0] || null,
    imapUser: users[1] || null,
    dailyLimit,
    timeZone: timeZone || null,
    signature,
    hasPassword: password.trim() !== '',
    problems,
  }
  const separate = imapPassword !== '' && imapPassword !== password ? imapPassword : null
  return { read, secret: password === '' ? null : { password, imapPassword: separate } }
}

function serverFields(field: (column: ImportColumn) => string, protocol: 'smtp' | 'imap') {
  return {
    host: field(`${protocol}Host`),
    port: field(`${protocol}Port`),
    security: field(`${protocol}Security`),
  }
}

function hasControl(text: string): boolean {
  return [...text].some(character => character < ' ' || character === '\u007f')
}

function addressFacts({ code, detail }: Failure): ImportProblem['facts'] {
  const facts = Object.entries(detail).map(([name, fact]) => [
    name,
    typeof fact === 'boolean' ? String(fact) : fact,
  ])
  return { ...Object.fromEntries(facts), code }
}
