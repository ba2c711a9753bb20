import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putDomain } from '#engine/domains/store.ts'
import { openStore } from '#engine/storage/open.ts'
import { warmupRowSchema } from '#shared/model/warmup-view.ts'
import { valueOf } from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { addMailboxes } from '../helpers/warmup-engine.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const { FORCE_COLOR: _force, NO_COLOR: _none, ...environment } = process.env
const folder = temporaryFolder()

async function rookery(...words: string[]) {
  const child = spawn(process.execPath, [main, 'warmup', ...words, '--data-dir', folder.path], {
    env: environment,
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

beforeAll(async () => {
  await addMailboxes(folder.path, ['anna@one.example', 'ben@two.example', 'cleo@three.example'])
})
afterAll(() => folder.remove())

describe('rookery warmup status, pause and resume', () => {
  test('print the mailboxes that warm up, each as the window has it', async () => {
    const { code, stdout, stderr } = await rookery('status', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = stdout
      .trim()
      .split('\n')
      .map(line => warmupRowSchema.parse(JSON.parse(line)))
    expect(rows.map(({ address }) => address)).toEqual([
      'anna@one.example',
      'ben@two.example',
      'cleo@three.example',
    ])
    expect((await rookery('status')).stdout).toMatch(/ben@two\.example\n {2}Conservative, day \d of 30\./)
  })

  test('hold one mailbox and let it go on, the others untouched', async () => {
    const paused = await rookery('pause', 'BEN@two.example', '--json')
    expect(paused.code).toBe(0)
    expect(JSON.parse(paused.stdout)).toMatchObject({
      address: 'ben@two.example',
      state: { state: 'paused', reason: 'paused-by-person' },
    })
    const again = await rookery('pause', 'ben@two.example')
    expect(again.code).toBe(1)
    const resumed = await rookery('resume', 'ben@two.example', '--json')
    expect(resumed.code).toBe(0)
    expect(JSON.parse(resumed.stdout)).toMatchObject({ state: { state: 'ramping' } })
  })

  test('say which address does not warm up, and change nothing then', async () => {
    const { code, stderr } = await rookery('pause', 'ben@two.example', 'nobody@two.example')
    expect(code).toBe(2)
    expect(stderr).toContain('nobody@two.example')
    expect((await rookery('resume', 'ben@two.example')).code).toBe(1)
  })

  test('count own campaigns in, every day or on one', async () => {
    const told = await rookery('campaign', 'anna@one.example', '--messages', '30', '--json')
    expect(told.code).toBe(0)
    expect(JSON.parse(told.stdout)).toMatchObject({ campaign: { perDay: 30, today: 30 } })
    expect((await rookery('campaign', 'anna@one.example', '--messages', '30')).code).toBe(1)
    expect((await rookery('status', 'anna@one.example')).stdout).toContain(
      'Own campaigns: 30 messages a day, 30 today.',
    )
    const { date } = JSON.parse(told.stdout).today
    const dated = await rookery('campaign', 'anna@one.example', '--messages', '2', '--date', date, '--json')
    expect(JSON.parse(dated.stdout)).toMatchObject({ campaign: { perDay: 30, today: 2 } })
    const wrong = await rookery('campaign', 'anna@one.example', '--messages', '1', '--date', '2026-02-30')
    expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  })

  test('print and change what a domain decides, and only what a flag names', async () => {
    const store = valueOf(await openStore(folder.path, Date.now))
    store.write(writes => {
      const name = { name: 'one.example', displayName: 'one.example' }
      putDomain(writes, name, [], Date.now())
    })
    store.close()
    const domain = async (...flags: string[]) => {
      const { code, stdout, stderr } = await rookery('domain', 'One.Example', ...flags, '--json')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout)
    }
    const window = { fromMinute: 480, toMinute: 1_050 }
    const flags = ['--strategy', 'moderate', '--target', '25', '--window', '8:00-17:30', '--weekdays-only']
    expect((await rookery('domain', 'one.example', ...flags, '--limit', '90')).stdout).toBe(
      [
        'one.example',
        '  Mailboxes begin with Moderate, the default of one.example.',
        '  Up to 25 a day, Monday to Friday, 08:00 to 17:30.',
        '  Each may send 50 a day, 90 messages all together.',
        '',
      ].join('\n'),
    )
    expect(await domain('--strategy', 'aggressive', '--limit', 'none')).toEqual({
      domain: 'one.example',
      warmupDefaults: { strategy: 'aggressive', targetPerDay: null, window, weekdays: [1, 2, 3, 4, 5] },
      warmupPerDay: null,
      dailyLimit: 50,
    })
    expect(await domain('--usual')).toMatchObject({ warmupDefaults: null })
    const { code, stderr } = await rookery('domain', 'one.example', 'two.example', '--usual')
    expect(code).toBe(2)
    expect(stderr).toContain('two.example')
  })

  test('a folder that a running Rookery holds is left alone, with the next step', async () => {
    const store = valueOf(await openStore(folder.path, Date.now))
    try {
      const { code, stderr } = await rookery('status')
      expect(code).toBe(2)
      expect(stderr).toContain('is using this data folder')
      expect(stderr).toContain('close it first')
    } finally {
      store.close()
    }
  })
})
