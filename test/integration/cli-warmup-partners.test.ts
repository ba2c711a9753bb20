import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { findPartner, guestsOf, putPartner } from '#engine/warmup/partners/store.ts'
import { partnerSchema } from '#shared/model/partner.ts'
import { rowsOfTable } from '../../src-main/cli/rows-of-table.ts'
import { canary } from '../helpers/canary.ts'
import { valueOf } from '../helpers/engine.ts'
import { temporaryFolder, testPlatform } from '../helpers/platform.ts'
import { addMailboxes } from '../helpers/warmup-engine.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const { FORCE_COLOR: _force, NO_COLOR: _none, ...environment } = process.env
const north = temporaryFolder()
const south = temporaryFolder()
const passphrase = canary('vault-passphrase')

beforeAll(async () => {
  for (const [folder, domain] of [
    [north, 'north.example'],
    [south, 'south.example'],
  ] as const) {
    await addMailboxes(folder.path, [`anna@${domain}`, `ben@${domain}`])
    await asApp(folder, async client => valueOf(await client.vault.usePassphrase({ passphrase })))
  }
})
afterAll(() => {
  north.remove()
  south.remove()
})

/** Does something on the folder as the app would. */
async function asApp<T>(folder: typeof north, work: (client: InProcessClient) => Promise<T>): Promise<T> {
  const engine = valueOf(await createEngine(testPlatform({ dataDir: folder.path })))
  try {
    return await work(createInProcessClient(engine.router))
  } finally {
    await engine.stop()
  }
}

async function onStore<T>(folder: typeof north, work: (store: Store) => T): Promise<T> {
  const store = valueOf(await openStore(folder.path, Date.now))
  try {
    return work(store)
  } finally {
    store.close()
  }
}

async function offer(client: InProcessClient, name: string) {
  const rows = await rowsOfTable(client, 'warmup')
  return { name, mailboxIds: rows.map(({ id }) => id), perDay: 2 }
}

/** Both agree and confirm, with all their mailboxes and two messages a day; gives the id. */
async function agreed(): Promise<string> {
  const unlocked = <T>(folder: typeof north, work: (client: InProcessClient) => Promise<T>) =>
    asApp(folder, async client => {
      valueOf(await client.vault.unlock({ passphrase }))
      return work(client)
    })
  const { id, text } = await unlocked(north, async client =>
    valueOf(await client.partners.invite({ ...(await offer(client, 'North')), days: 7 })),
  )
  const accepted = await unlocked(south, async client => {
    const answer = valueOf(await client.partners.accept({ ...(await offer(client, 'South')), text }))
    valueOf(await client.partners.confirm({ id }))
    return answer
  })
  await unlocked(north, async client => {
    valueOf(await client.partners.take({ text: accepted.taken ? accepted.text : '' }))
    valueOf(await client.partners.confirm({ id }))
  })
  return id
}

async function rookery(folder: typeof north, ...words: string[]) {
  const child = spawn(
    process.execPath,
    [main, 'warmup', ...words, '--passphrase-stdin', '--data-dir', folder.path],
    { env: environment },
  )
  child.stdin.end(`${passphrase}\n`)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

async function partnersOf(folder: typeof north) {
  const { stdout } = await rookery(folder, 'partners', '--json')
  const { partners } = JSON.parse(stdout) as { partners: unknown[] }
  return partners.map(one => partnerSchema.parse(one))
}

test('two people agree on the command line, and one of them ends it', { timeout: 240_000 }, async () => {
  expect((await rookery(north, 'partners')).stdout).toMatch(/^No partners\./)
  const nameless = await rookery(north, 'invite')
  expect(nameless).toMatchObject({ code: 2, stdout: '' })
  const stranger = await rookery(north, 'invite', '--name', 'North', '--mailbox', 'eve@else.example')
  expect(stranger.stderr).toContain('eve@else.example')

  const invited = await rookery(north, 'invite', '--name', 'North', '--mailbox', 'ANNA@north.example')
  expect(invited).toMatchObject({ code: 0, stderr: '' })
  const file = join(south.path, 'invitation.txt')
  await writeFile(file, `Hi,\n${invited.stdout.replace(/^/gm, '> ')}\nBest`)
  const accepted = await rookery(south, 'accept', file, '--name', 'South', '--per-day', '2')
  expect(accepted).toMatchObject({ code: 0, stderr: '' })
  const digits = /Check number: ([\d ]{23})/.exec(accepted.stdout)?.[1]
  expect(digits).toBeDefined()

  const answer = join(north.path, 'answer.txt')
  await writeFile(answer, accepted.stdout)
  const taken = await rookery(north, 'accept', answer, '--json')
  expect(JSON.parse(taken.stdout)).toMatchObject({ taken: true, kind: 'answer', checkNumber: digits })
  const again = await rookery(north, 'accept', answer)
  expect(again.code).toBe(1)
  expect(again.stdout).toContain('taken already')

  expect((await rookery(north, 'confirm', 'south')).code).toBe(0)
  expect((await rookery(south, 'confirm', 'North')).code).toBe(0)
  const [here] = await partnersOf(north)
  expect(here).toMatchObject({
    name: 'South',
    state: 'on',
    theirPerDay: 2,
    theirs: [{ address: 'anna@south.example' }, { address: 'ben@south.example' }],
  })
  expect(await partnersOf(south)).toMatchObject([
    { name: 'North', state: 'waiting', theirs: [{ address: 'anna@north.example' }] },
  ])

  const ended = await rookery(south, 'revoke', here?.id ?? '')
  expect(ended.code).toBe(0)
  const end = join(north.path, 'end.txt')
  await writeFile(end, ended.stdout)
  expect((await rookery(north, 'accept', end)).stdout).toContain('They ended it.')
  const unknown = await rookery(north, 'revoke', 'nobody')
  expect(unknown.code).toBe(2)
})

test('an agreement is changed, and goes on after a silence', { timeout: 240_000 }, async () => {
  const id = await agreed()
  const theirs = (store: Store) =>
    guestsOf(store, id).flatMap(({ address, perDay, isIn }) => (isIn ? [[address, perDay]] : []))

  expect((await rookery(south, 'change', 'north')).stderr).toContain('--mailbox')
  expect((await rookery(south, 'change', 'nobody', '--per-day', '3')).code).toBe(2)
  const fewer = await rookery(south, 'change', 'north', '--mailbox', 'BEN@south.example')
  expect(fewer).toMatchObject({ code: 0, stderr: '' })
  const change = join(north.path, 'change.txt')
  await writeFile(change, fewer.stdout)
  expect((await rookery(north, 'accept', change)).code).toBe(0)
  expect(await onStore(north, theirs)).toEqual([['ben@south.example', 2]])
  const before = await onStore(south, store => findPartner(store, id)?.own)
  expect((await rookery(south, 'change', id, '--per-day', '3')).code).toBe(0)
  expect(await onStore(south, store => findPartner(store, id)?.own)).toEqual({ ...before, perDay: 3 })

  const early = await rookery(north, 'go-on', 'south')
  expect(early).toMatchObject({ code: 2, stdout: '' })
  expect(early.stderr).toContain('not silent')
  await onStore(north, store => {
    const known = findPartner(store, id)
    if (known !== null) store.write(writes => putPartner(writes, { ...known, silentAt: Date.now() }))
  })
  expect((await rookery(north, 'go-on', 'south')).code).toBe(0)
  expect(await onStore(north, store => findPartner(store, id))).toMatchObject({ silentAt: null })

  await asApp(south, async client => valueOf(await client.partners.revoke({ id })))
  const over = await rookery(south, 'change', id, '--per-day', '2')
  expect(over.code).toBe(2)
  expect(over.stderr).toContain('Nothing is agreed')
})
