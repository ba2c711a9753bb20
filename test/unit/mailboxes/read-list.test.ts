import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { readMailboxList } from '#engine/mailboxes/import/read-list.ts'
import { limits } from '#engine/net/limits.ts'
import { importProblemCodes, type ImportProblemCode } from '#shared/model/mailbox-import.ts'
import { importProblemLine } from '#shared/words/mailbox-import.ts'
import { readText } from '../../../src-renderer/ui/read-text.ts'
import { failureOf, valueOf } from '../../helpers/engine.ts'

const read = (text: string, known: readonly string[] = []) =>
  readMailboxList(text, { readName: parseDomainName, isKnown: key => known.includes(key) })

const rowsOf = (text: string, known: readonly string[] = []) => valueOf(read(text, known)).rows
const problemsOf = (text: string, known: readonly string[] = []) =>
  rowsOf(text, known).map(({ line, problems }) => [line, ...problems.map(({ code }) => code)])

describe('another encoding', () => {
  const text = 'email;password\nmia@example.com;pässwörd§\n'
  const utf16 = (swap: boolean) => {
    const octets = Buffer.from(`\uFEFF${text}`, 'utf16le')
    return new Blob([new Uint8Array(swap ? octets.swap16() : octets)])
  }

  test.each([
    ['UTF-8', new Blob([text])],
    ['UTF-8 with its mark', new Blob([`\uFEFF${text}`])],
    ['UTF-16 as spreadsheets save it', utf16(false)],
    ['UTF-16, the other way round', utf16(true)],
  ])('%s is read', async (_, file) => {
    expect([...valueOf(read(await readText(file))).passwords.values()]).toEqual([
      { password: 'pässwörd§', imapPassword: null },
    ])
  })

  test('that nothing tells of costs its rows: no password is kept of which a character was guessed', async () => {
    const file = new Blob([new Uint8Array(Buffer.from(`${text}leo@example.com;plain\n`, 'latin1'))])
    const list = valueOf(read(await readText(file)))
    expect(list.rows.map(({ problems }) => problems.map(({ code }) => code))).toEqual([['encoding'], []])
    expect([...list.passwords.values()]).toEqual([{ password: 'plain', imapPassword: null }])
  })
})

describe('the file', () => {
  test('is read with its servers, users, limit, zone and signature', () => {
    const list = valueOf(
      read(
        'Email,Name,Password,SMTP Host,SMTP Port,SMTP Security,IMAP Server,IMAP Username,Daily Limit,Time Zone,Signature,Notes\n' +
          'mia@example.com,Mia,pass word ,smtp.example.com,465,SSL,imap.example.com:143,mia,80,Europe/Berlin,"Mia\nSales",x\n',
      ),
    )
    expect(list.separator).toBe(',')
    expect(list.columns.at(-1)).toEqual({ header: 'Notes', column: null })
    expect(list.rows).toEqual([
      {
        line: 2,
        address: 'mia@example.com',
        key: 'mia@example.com',
        domainName: 'example.com',
        senderName: 'Mia',
        smtp: { host: 'smtp.example.com', port: 465, security: 'tls' },
        imap: { host: 'imap.example.com', port: 143, security: 'starttls' },
        smtpUser: null,
        imapUser: 'mia',
        dailyLimit: 80,
        timeZone: 'Europe/Berlin',
        signature: 'Mia\nSales',
        hasPassword: true,
        problems: [],
      },
    ])
    expect([...list.passwords]).toEqual([[2, { password: 'pass word ', imapPassword: null }]])
  })

  test.each([
    ['a byte order mark and line ends of Windows', '\uFEFFaddress,password\r\nmia@example.com,x\r\n', ','],
    ['semicolons', 'E-Mail;Passwort\nmia@example.com;x\n', ';'],
    ['tabs', 'mail address\tpassword\nmia@example.com\tx', '\t'],
    ['bars', 'email|pass\nmia@example.com|x', '|'],
    ['a line of a spreadsheet that names the separator', 'sep=;\nemail;password\nmia@example.com;x', ';'],
    ['empty lines', '\n\nemail,password\n\nmia@example.com,x\n\n', ','],
  ])('may have %s', (_, text, separator) => {
    const list = valueOf(read(text))
    expect(list.separator).toBe(separator)
    expect(list.rows.map(({ address, problems }) => [address, problems])).toEqual([['mia@example.com', []]])
    expect([...list.passwords.values()]).toEqual([{ password: 'x', imapPassword: null }])
  })

  test('must have something in it, and a header for the address', () => {
    expect(failureOf(read(' \n\n')).code).toBe('csv-empty')
    const failure = failureOf(read('mia@example.com,hunter2\nleo@example.com,hunter3'))
    expect(failure.code).toBe('csv-without-address')
    expect(JSON.stringify(failure)).not.toContain('hunter')
  })

  test('may have as many rows as are allowed, and not one more', () => {
    const rows = Array.from({ length: limits.mailboxImportRows }, (_, index) => `m${index}@example.com,x`)
    expect(rowsOf(['email,password', ...rows].join('\n'))).toHaveLength(limits.mailboxImportRows)
    const failure = failureOf(read(['email,password', ...rows, 'one@more.example,x'].join('\n')))
    expect(failure).toMatchObject({ code: 'import-too-large', detail: { limit: limits.mailboxImportRows } })
  })
})

describe('a row', () => {
  test.each<[string, string, ImportProblemCode]>([
    ['has a quote that is never closed', 'email,password\na@example.com,"x\nb@example.com,y', 'quotes'],
    ['has something after a closed quote', 'email,password\na@example.com,"x"y\nb@example.com,y', 'quotes'],
    ['has a quote inside a field', 'email,password\na@example.com,x"y\nb@example.com,y', 'quotes'],
    ['has too many fields', 'email,password\na@example.com,x,y\nb@example.com,y', 'too-many-fields'],
    ['has no address', 'email,password\n,x\nb@example.com,y', 'address-missing'],
    ['has no @', 'email,password\nexample.com,x\nb@example.com,y', 'address-invalid'],
    ['has no domain after the @', 'email,password\na@exa mple,x\nb@example.com,y', 'address-invalid'],
    ['has no password', 'email,password\na@example.com,\nb@example.com,y', 'password-missing'],
    [
      'has a control character',
      'email,password\na@example.com,x\u0007\nb@example.com,y',
      'password-character',
    ],
    [
      'has a bad port',
      'email,password,smtp,smtp port\na@example.com,x,m.example,0\nb@example.com,y',
      'port-invalid',
    ],
    [
      'has a port alone',
      'email,password,smtp,smtp port\na@example.com,x,,465\nb@example.com,y',
      'host-missing',
    ],
    ['has a bad host', 'email,password,smtp\na@example.com,x,m/x\nb@example.com,y', 'host-invalid'],
    [
      'has odd security',
      'email,password,smtp,smtp ssl\na@example.com,x,m.example,rot13\nb@example.com,y',
      'security-invalid',
    ],
    ['has a limit that is none', 'email,password,limit\na@example.com,x,9\nb@example.com,y', 'limit-invalid'],
    [
      'has an unknown zone',
      'email,password,tz\na@example.com,x,Mars/North\nb@example.com,y',
      'time-zone-invalid',
    ],
    [
      'has a long name',
      `email,password,name\na@example.com,x,${'x'.repeat(201)}\nb@example.com,y`,
      'text-too-long',
    ],
    [
      'has a long user',
      `email,password,user\na@example.com,x,${'x'.repeat(321)}\nb@example.com,y`,
      'user-invalid',
    ],
  ])('that %s is told, and the next is read', (_, text, code) => {
    expect(problemsOf(text)).toEqual([[2, code], [3]])
    expect([...valueOf(read(text)).passwords.keys()]).toEqual([3])
  })

  test('that stands twice, or is known, is told with where', () => {
    const rows = rowsOf('email,password\na@example.com,x\nA@Example.com,y\nc@example.com,z', [
      'c@example.com',
    ])
    expect(rows.map(({ problems }) => problems)).toEqual([
      [],
      [{ code: 'address-twice', facts: { line: 2 } }],
      [{ code: 'address-known', facts: {} }],
    ])
  })

  test('leaves its servers to be looked up, and never sends unencrypted unless it says so', () => {
    const rows = rowsOf(
      'email,password,smtp,smtp ssl\na@example.com,x,,\nb@example.com,x,m.example,\nc@example.com,x,m.example:25,\n' +
        'd@example.com,x,m.example:587,TLS\ne@example.com,x,m.example,none\nf@example.com,x,m.example,ssl',
    )
    expect(rows.map(({ smtp }) => smtp && `${smtp.port} ${smtp.security}`)).toEqual([
      null,
      '587 starttls',
      '25 starttls',
      '587 starttls',
      '587 plain',
      '465 tls',
    ])
  })

  test('may have a password of its own for IMAP', () => {
    const list = valueOf(read('email,smtp password,imap password\na@example.com,x,y\nb@example.com,x,x'))
    expect([...list.passwords.values()]).toEqual([
      { password: 'x', imapPassword: 'y' },
      { password: 'x', imapPassword: null },
    ])
  })
})

test('no password is ever part of what is told', () => {
  assert(
    property(array(string({ maxLength: 12 }), { maxLength: 20 }), passwords => {
      const text = ['email,password', ...passwords.map((one, index) => `m${index}@example.com,canary-${one}`)]
      const result = read(text.join('\n'))
      const told = result.ok
        ? JSON.stringify([result.value.columns, result.value.rows])
        : JSON.stringify(result)
      expect(told).not.toContain('canary-')
    }),
  )
})

test('any text is read or refused', () => {
  assert(
    property(
      string({
        unit: constantFrom('"', ',', ';', '\n', '\r', 'a', '@', '.', ' ', '\t'),
        maxLength: 200,
      }),
      text => {
        const result = read(`email,password\n${text}`)
        const rows = result.ok ? result.value.rows : []
        expect(rows.map(({ line }) => line)).toEqual(rows.map(({ line }) => line).toSorted((a, b) => a - b))
      },
    ),
  )
})

test.each(importProblemCodes)('%s has a whole sentence with its facts and without', code => {
  for (const facts of [
    {},
    { line: 3, problem: 'no-at', host: 'x', port: '0', protocol: 'imap', limit: '9' },
  ]) {
    const line = importProblemLine({ code, facts })
    expect(line).toMatch(/^[\p{Lu}“].*\.$/su)
    expect(line).not.toMatch(/undefined|NaN|!|\s{2}/)
  }
})
