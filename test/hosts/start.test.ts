import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ensureBuilt, projectRoot } from '../../src-main/build.ts'
import { failureToldCode } from '../../src-main/hosts/exit-codes.ts'
import { makeDataDir } from '../helpers/headless-host.ts'

/** Runs `npm start` in a process group of its own, as a terminal does, until a line shows up or it ends. */
async function npmStart(args: readonly string[], env: Record<string, string>) {
  await ensureBuilt()
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env
  const child = spawn('npm', ['start', '--', ...args], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...rest, ...env },
  })
  let output = ''
  const onText = (text: string) => (output += text)
  child.stdout.setEncoding('utf8').on('data', onText)
  child.stderr.setEncoding('utf8').on('data', onText)
  const ended = new Promise<number | string | null>(resolve => {
    child.once('close', (code, signal) => resolve(signal ?? code))
  })
  return {
    ended,
    output: () => output,
    async shows(text: string) {
      const seen = new Promise<void>(resolve => {
        const look = () => output.includes(text) && resolve()
        look()
        child.stdout.on('data', look)
        child.stderr.on('data', look)
      })
      await Promise.race([seen, ended])
      expect(output).toContain(text)
    },
    kill(signal: NodeJS.Signals, whom: 'npm' | 'group') {
      process.kill(whom === 'group' ? -Number(child.pid) : Number(child.pid), signal)
    },
  }
}

/** A folder with an `electron` that is a script, to see what start makes of it. */
async function scriptedElectron(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-electron-'))
  await writeFile(join(folder, 'electron'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'electron'), 0o755)
  return folder
}

it.each([
  ['SIGINT', 'group'],
  ['SIGINT', 'npm'],
  ['SIGTERM', 'npm'],
] as const)('stops cleanly when %s reaches the %s', async (signal, whom) => {
  const started = await npmStart(
    ['--headless', '--port', '0', '--no-open', '--data-dir', await makeDataDir()],
    {},
  )
  await started.shows('Rookery is ready')
  const sentAt = performance.now()
  started.kill(signal, whom)
  expect(await started.ended).toBe(0)
  expect(performance.now() - sentAt).toBeLessThan(30_000)
  expect(started.output()).toContain('Rookery has stopped.')
})

it('runs in the browser where there is no display, and says so in one line', async () => {
  const started = await npmStart(['--port', '0', '--no-open', '--data-dir', await makeDataDir()], {})
  await started.shows('Rookery is ready')
  expect(started.output()).toContain('There is no display, so Rookery runs in the browser.\n')
  started.kill('SIGTERM', 'npm')
  expect(await started.ended).toBe(0)
})

it.runIf(process.platform === 'linux')('opens the window where Electron and a display are', async () => {
  const folder = await scriptedElectron('echo "$@" > "$(dirname "$0")/arguments"; exec sleep 60')
  const dataDir = await makeDataDir()
  const started = await npmStart(['--data-dir', dataDir], {
    DISPLAY: ':99',
    ELECTRON_OVERRIDE_DIST_PATH: folder,
  })
  const read = () => readFile(join(folder, 'arguments'), 'utf8').catch(() => '')
  await expect.poll(read).toContain(`${projectRoot} --data-dir=${dataDir}`)
  started.kill('SIGTERM', 'npm')
  expect(await started.ended).toBe(0)
  expect(started.output()).not.toContain('in the browser')
})

it.runIf(process.platform === 'linux')(
  'runs in the browser where Electron is there but cannot run',
  async () => {
    const started = await npmStart(['--port', '0', '--no-open', '--data-dir', await makeDataDir()], {
      DISPLAY: ':99',
      ELECTRON_OVERRIDE_DIST_PATH: await scriptedElectron('echo "no library" >&2; exit 127'),
    })
    await started.shows('Rookery is ready')
    expect(started.output()).toContain(
      'Electron does not run on this machine, so Rookery runs in the browser.',
    )
    started.kill('SIGINT', 'group')
    expect(await started.ended).toBe(0)
  },
)

it.runIf(process.platform === 'linux')(
  'leaves it at that when the window has told why it cannot start',
  async () => {
    const started = await npmStart(['--data-dir', await makeDataDir()], {
      DISPLAY: ':99',
      ELECTRON_OVERRIDE_DIST_PATH: await scriptedElectron(`exit ${failureToldCode}`),
    })
    expect(await started.ended).toBe(1)
    expect(started.output()).not.toContain('in the browser')
  },
)
