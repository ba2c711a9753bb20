import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ok } from '#shared/failure.ts'
import type { Connection } from '../../src-renderer/client/connection.ts'
import { canary, needlesOf, sweepFolder, sweepOctets, sweepProcesses, sweepText } from '../helpers/canary.ts'
import { readAudit, readToEnd, testEngine, valueOf } from '../helpers/engine.ts'
import {
  makeDataDir,
  runHeadlessHost,
  type RunningHost,
  startHeadlessHost,
} from '../helpers/headless-host.ts'
import { connectToHost } from '../helpers/host-client.ts'
import { searchMemory } from '../helpers/process-memory.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { startChild } from '../helpers/child.ts'

const passphrase = canary('passphrase')
/** The form of a key of a blacklist service: letters and digits. */
const serviceKey = canary('key').replaceAll('-', '')

describe('the sweep', () => {
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => {
    folder = temporaryFolder('passwords')
    return () => folder.remove()
  })

  test.each([
    ['as it is', Buffer.from(`x ${canary()} y`)],
    ['as UTF-16', Buffer.from(canary(), 'utf16le')],
    ['in hexadecimal', Buffer.from(Buffer.from(canary()).toString('hex'))],
    ['in base64', Buffer.from(Buffer.from(`\0name\0${canary()}`).toString('base64'))],
    ['in base64', Buffer.from(Buffer.from(`u\0name\0${canary()}`).toString('base64'))],
    ['in base64', Buffer.from(Buffer.from(`us\0name\0${canary()}`).toString('base64'))],
    ['in lower case', Buffer.from(canary().toLowerCase())],
  ])('finds a password written %s', (written, octets) => {
    mkdirSync(join(folder.path, 'deep', 'er'), { recursive: true })
    const file = join(folder.path, 'deep', 'er', 'planted')
    writeFileSync(file, Buffer.concat([Buffer.alloc(70_001, 7), octets, Buffer.alloc(99)]))
    expect(sweepFolder(folder.path)).toContainEqual({ place: file, written })
  })

  test('finds one in the name of a file, and none where there is none', () => {
    writeFileSync(join(folder.path, 'fine'), 'nothing')
    expect(sweepFolder(folder.path)).toEqual([])
    writeFileSync(join(folder.path, canary()), '')
    expect(sweepFolder(folder.path)).toHaveLength(1)
  })

  test('a folder that holds one cannot be taken away unnoticed', () => {
    const careless = temporaryFolder()
    writeFileSync(join(careless.path, 'log'), canary())
    expect(() => careless.remove()).toThrow('A secret was left in clear')
    expect(existsSync(careless.path)).toBe(false)
  })

  test.skipIf(process.platform !== 'linux')('finds one in the arguments of another process', async () => {
    // A mark of its own: the sweep that goes with the whole run must not meet it.
    const child = startChild('wait-for-end.ts', 'a-word-that-was-planted')
    await child.line()
    const hits = sweepProcesses(needlesOf('word-that-was-planted'))
    await child.kill()
    expect(hits).toContainEqual({ place: `cmdline of process ${child.pid}`, written: 'as it is' })
  })
})

describe('a host that keeps secrets', () => {
  // No keychain, so that the key stands under a passphrase and the host starts locked.
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus', XDG_RUNTIME_DIR: '/nowhere' }
  let dataDir: string
  let host: RunningHost
  let connection: Connection
  beforeAll(async () => {
    dataDir = await makeDataDir()
    await start()
  })
  afterAll(() => end())
  const start = async (input?: string) => {
    const options = input === undefined ? {} : { args: ['--verbose', '--passphrase-stdin'], input }
    host = await startHeadlessHost({ dataDir, env, args: ['--verbose'], ...options })
    connection = await connectToHost(host)
  }
  const end = async () => {
    connection.close()
    await host.stop()
  }
  const state = async () => valueOf(await connection.client.vault.state()).state

  const sweepAll = () => [
    ...sweepFolder(dataDir),
    ...sweepText(host.output(), 'what the host printed'),
    ...(sweepProcesses() ?? []),
  ]

  test('keeps nothing where there is neither keychain nor passphrase', async () => {
    const { client } = connection
    expect(await client.blacklists.setKey({ service: 'spamhaus', key: serviceKey })).toMatchObject({
      failure: { code: 'vault-no-keychain', detail: { reason: expect.stringMatching(/^no(-bus|ne)$/) } },
    })
    expect(await state()).toBe('empty')
    expect(sweepAll()).toEqual([])
  })

  test('leaves them in no file, log, write-ahead log, answer, argument or environment', async () => {
    const { client } = connection
    const answers = [
      await client.vault.usePassphrase({ passphrase }),
      await client.blacklists.setKey({ service: 'spamhaus', key: serviceKey }),
      await client.blacklists.lists(),
      await client.vault.rotate({ passphrase }),
      await client.vault.unlock({ passphrase: canary('wrong') }),
      await client.vault.changePassphrase({ current: canary('wrong'), next: canary('next-one') }),
    ]
    expect(answers.map(answer => answer.ok)).toEqual([true, true, true, true, true, false])
    expect(existsSync(join(dataDir, 'rookery.db-wal'))).toBe(true)
    expect(readFileSync(join(dataDir, 'rookery.db-wal')).length).toBeGreaterThan(0)
    expect(sweepText(JSON.stringify(answers), 'an answer')).toEqual([])
    expect(sweepAll()).toEqual([])
  })

  test('does everything that needs no secret while it is locked', async () => {
    await end()
    await start()
    const { client } = connection
    expect(await state()).toBe('locked')
    expect(await client.domains.add({ input: 'example.com' })).toMatchObject({ ok: true })
    expect(await client.blacklists.lists()).toMatchObject({ ok: true })
    expect(await client.blacklists.setKey({ service: 'spamhaus', key: serviceKey })).toMatchObject({
      failure: { code: 'vault-locked' },
    })
    expect(await client.vault.unlock({ passphrase })).toMatchObject({ ok: true, value: { state: 'open' } })
  })

  test('takes the passphrase from standard input, and from nowhere else', async () => {
    await end()
    await start(`${passphrase}\n`)
    expect(await state()).toBe('open')
    expect(sweepAll()).toEqual([])
    await end()
    const refused = await runHeadlessHost({
      dataDir,
      env,
      args: ['--passphrase-stdin'],
      input: `${canary('wrong')}\n`,
    })
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('That is not the passphrase.') })
    const silent = await runHeadlessHost({ dataDir, env, args: ['--passphrase-stdin'] })
    expect(silent).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no passphrase on standard input'),
    })
    await start(`${passphrase}\n`)
  })

  test('holds no sealed secret in its memory, which is what a core would show, unless one is in use', () => {
    const found = searchMemory(host.child.pid ?? 0, ['Rookery is ready', serviceKey, base64(serviceKey)])
    if (found === null) {
      noteSkipped('The memory of a running host', 'another process may not be read here')
      expect(searchMemory(process.pid, ['x'])).toBe(null)
      return
    }
    // Its own words are found, so it was looked at; the sealed secret, which nothing has read since the start, is not.
    expect(found).toEqual(['Rookery is ready'])
  }, 180_000)

  test('gives nothing away with a copy of its folder: without the passphrase there is no credential', async () => {
    await end()
    expect(sweepFolder(dataDir)).toEqual([])
    await start()
    expect(await connection.client.vault.unlock({ passphrase: canary('guessed') })).toMatchObject({
      failure: { code: 'vault-wrong-passphrase' },
    })
    expect(await state()).toBe('locked')
  })
})

test('a copy of the data folder without the keychain yields no credential', async () => {
  const folder = temporaryFolder()
  const original = await testEngine({ dataDir: folder.path })
  valueOf(await original.client.blacklists.setKey({ service: 'spamhaus', key: serviceKey }))
  await original.stop()
  // The engine of a test has a keychain of its own each time, as another machine would.
  const copy = await testEngine({ dataDir: folder.path })
  expect(valueOf(await copy.client.vault.state())).toMatchObject({ state: 'key-gone', secrets: 1 })
  expect(await copy.client.blacklists.setKey({ service: 'spamhaus', key: serviceKey })).toMatchObject({
    failure: { code: 'vault-key-gone' },
  })
  expect(await copy.client.vault.startAnew({ passphrase: null })).toMatchObject({ value: { lost: 1 } })
  expect(await copy.client.blacklists.setKey({ service: 'spamhaus', key: serviceKey })).toEqual(ok(null))
  await copy.stop()
  folder.remove()
})

test('the change feed and what is exported hold no secret', async () => {
  const engine = await testEngine()
  valueOf(await engine.client.vault.usePassphrase({ passphrase }))
  valueOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key: serviceKey }))
  const { id } = valueOf(await engine.client.domains.add({ input: 'example.com' }))
  const rows = `address,password,smtp host,imap host\nmia@example.com,${canary()},smtp.example.com,imap.example.com`
  const preview = valueOf(await engine.client.mailboxes.readList({ text: rows }))
  const list = preview.list ?? ''
  const added = await readToEnd(engine.client.mailboxes.addList({ list, timeZone: 'UTC', addDomains: false }))
  const mailbox = valueOf(added.result).added[0]?.id ?? ''
  const tested = await readToEnd(
    engine.client.mailboxes.test({ kind: 'saved', id: mailbox, testEmail: true }),
  )
  valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
  const exported = [
    valueOf(await engine.client.offline.exportSnapshot({ ids: [id] })),
    valueOf(await engine.client.domains.report({ id })),
    valueOf(await engine.client.mailboxes.details({ id: mailbox })),
    valueOf(await engine.client.oauth.clients()),
    preview,
    added,
    tested,
  ]
  const feed = await engine.client.changes.watch({ feed: 'f', since: null, dataId: null })
  const seen: unknown[] = []
  for (let step = await feed.next(); !step.done; step = await feed.next()) {
    seen.push(step.value)
    if (step.value.kind === 'caught-up') break
  }
  await feed.return?.()
  expect(JSON.stringify(seen)).toContain('mia@example.com')
  expect(JSON.stringify(exported)).toContain('example.com')
  expect(sweepOctets(Buffer.from(JSON.stringify([seen, engine.platform.lines])), 'the feed')).toEqual([])
  expect(sweepOctets(Buffer.from(JSON.stringify(exported)), 'what was exported')).toEqual([])
  await engine.stop()
})

const base64 = (text: string) => Buffer.from(text).toString('base64')
