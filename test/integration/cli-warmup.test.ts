import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailReportSchema } from '#shared/model/mail-report.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const { FORCE_COLOR: _force, NO_COLOR: _none, ...environment } = process.env

async function rookery(words: readonly string[], input = '') {
  const child = spawn(process.execPath, [main, ...words], { env: environment })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

const pool = ['warmup', 'simulate', '--mailboxes', '8', '--days', '5', '--seed', 'a', '--start', '2026-03-27']
const zones = ['--time-zone', 'Europe/Berlin', '--time-zone', 'America/New_York']

describe('rookery warmup simulate', () => {
  test('prints a line for each message and one for each mailbox and day, the same for the same seed', async () => {
    const first = await rookery([...pool, ...zones, '--json'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const lines = first.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    const sends = lines.filter(line => 'from' in line)
    const days = lines.filter(line => 'mailbox' in line)
    expect(days).toHaveLength(8 * 5)
    expect(sends.length).toBeGreaterThan(30)
    for (const send of sends) {
      expect(Object.keys(send)).toEqual(['day', 'at', 'local', 'from', 'to', 'kind', 'thread', 'depth'])
    }
    for (const { mailbox, day, cap, planned } of days) {
      expect(planned).toBeLessThanOrEqual(Number(cap))
      expect(sends.filter(send => send.from === mailbox && send.day === day)).toHaveLength(Number(planned))
    }
    // The clocks of Berlin go forward on the third day.
    const offsets = (day: number) =>
      new Set(sends.filter(send => send.day === day).map(({ local }) => String(local).slice(-6)))
    expect(offsets(2)).toEqual(new Set(['+01:00', '-04:00']))
    expect(offsets(3)).toEqual(new Set(['+02:00', '-04:00']))
    expect((await rookery([...pool, ...zones, '--json'])).stdout).toBe(first.stdout)
  })

  test('for people it says what the pool cannot do, and rests on weekends when told', async () => {
    const { code, stdout } = await rookery([...pool, '--strategy', 'aggressive', '--weekdays-only'])
    expect(code).toBe(0)
    expect(stdout).toContain('8 mailboxes, aggressive: 10 days to 20 a day. Seed a.')
    expect(stdout).toContain('for the target it would take 75 mailboxes')
    expect(stdout).toMatch(/2 {2}2026-03-28 {3}Growing .* 0\.0 +0\.0 +0 +0/)
  })

  test.each([
    [['--time-zone', 'Europe/Nowhere'], 'There is no time zone Europe/Nowhere'],
    [['--start', '2026-02-30'], 'Give a date that exists'],
    [['--days', '0'], 'Give a whole number from 1 to 366'],
    [['--strategy', 'custom'], 'Allowed choices'],
  ])('%o is refused', async (words, why) => {
    const { code, stdout, stderr } = await rookery([...pool, ...words])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(why)
  })
})

describe('rookery classify', () => {
  const bounce = `From: MAILER-DAEMON@mx.example
To: ann@sender.example
Subject: Undelivered Mail Returned to Sender

This is the mail system at host mx.example.

<bob@rcpt.example>: host mx.rcpt.example said: 550 5.1.1 unknown user
`
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rookery-classify-'))
    await writeFile(join(folder, 'bounce.eml'), bounce)
    await writeFile(
      join(folder, 'away.eml'),
      'From: b@r.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack soon.\n',
    )
    await writeFile(join(folder, 'noise.bin'), new Uint8Array(5_000).fill(200))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('tells each file apart', async () => {
    const files = ['bounce.eml', 'away.eml', 'noise.bin'].map(name => join(folder, name))
    const { code, stdout } = await rookery(['classify', ...files, '--json'])
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ file, kind }) => [file, kind])).toEqual([
      [files[0], 'bounce'],
      [files[1], 'auto-reply'],
      [files[2], 'none'],
    ])
    expect(mailReportSchema.parse(lines[0]).recipients).toEqual([
      {
        address: 'bob@rcpt.example',
        action: 'failed',
        status: '5.1.1',
        category: 'no-such-mailbox',
        permanent: true,
      },
    ])
  })

  test('reads standard input, and speaks to people', async () => {
    const { code, stdout } = await rookery(['classify', '-'], bounce)
    expect(code).toBe(0)
    expect(stdout).toBe(
      '-: Bounce (1 recipient)\n  bob@rcpt.example: failed, for good. The address does not exist there. (5.1.1)\n',
    )
  })

  test('a file that is not there is told, and the others are read', async () => {
    const { code, stdout, stderr } = await rookery([
      'classify',
      join(folder, 'none.eml'),
      join(folder, 'away.eml'),
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('there is no such file')
    expect(stdout).toContain('Automatic answer')
  })
})
