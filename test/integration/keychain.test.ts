import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const run = promisify(execFile)
const isInstalled = ['/usr/bin/gnome-keyring-daemon', '/usr/bin/dbus-run-session'].every(existsSync)
if (!isInstalled)
  noteSkipped('The keychain against a Secret Service', 'gnome-keyring or dbus is not installed')

const script = join(import.meta.dirname, '../helpers/keychain-round-trip.ts')
const folder = temporaryFolder()
const runtime = temporaryFolder()
afterAll(() => {
  folder.remove()
  runtime.remove()
})

const { DBUS_SESSION_BUS_ADDRESS: _bus, ...environment } = process.env
const env = { ...environment, XDG_DATA_HOME: folder.path, XDG_RUNTIME_DIR: runtime.path }

async function inSession(words: readonly string[]): Promise<unknown> {
  const unlock = "printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
  const { stdout } = await run(
    'dbus-run-session',
    ['--', 'sh', '-c', `${unlock}; exec "$@"`, 'sh', ...words],
    {
      env,
    },
  )
  return JSON.parse(stdout)
}

describe.skipIf(!isInstalled)('the keychain of this system', () => {
  test('keeps the data key beyond the session, so what was sealed opens again', async () => {
    const file = join(folder.path, 'sealed')
    expect(await inSession([process.execPath, script, 'seal', file])).toEqual({ ok: true })
    expect(await inSession([process.execPath, script, 'open', file])).toEqual({ ok: true, text: 'secret' })
  })
})

describe('without a Secret Service', () => {
  test.skipIf(process.platform !== 'linux')('nothing is sealed, and the failure says so', async () => {
    const nowhere = { ...env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder.path, 'no-bus')}` }
    const { stdout } = await run(process.execPath, [script, 'seal', join(folder.path, 'never')], {
      env: nowhere,
    })
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, failure: { code: 'vault-no-keychain' } })
    expect(existsSync(join(folder.path, 'never'))).toBe(false)
  })
})
