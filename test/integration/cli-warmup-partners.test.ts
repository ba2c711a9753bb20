import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { partnerSchema } from '#shared/model/partner.ts'
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
    const engine = valueOf(await createEngine(testPlatform({ dataDir: folder.path })))
    valueOf(await createInProcessClient(engine.router).vault.usePassphrase({ passphrase }))
    await engine.stop()
  }
})
afterAll(() => {
  north.remove()
  south.remove()
})

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
