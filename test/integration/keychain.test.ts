import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../helpers/platform.ts'
import { startSecretService, whyNoSecretService } from '../helpers/secret-service.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { troubleOf } from '../../src-main/hosts/keychain.ts'

const run = promisify(execFile)
const isInstalled = whyNoSecretService() === null && existsSync('/usr/bin/dbus-run-session')
if (!isInstalled)
  noteSkipped('The keychain against a Secret Service', 'gnome-keyring or dbus is not installed')

const script = join(import.meta.dirname, '../helpers/keychain-round-trip.ts')

let home: ReturnType<typeof temporaryFolder>
let data: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  home = temporaryFolder()
  data = temporaryFolder()
  return () => {
    home.remove()
    data.remove()
  }
})
const environment = () => {
  const {
    DBUS_SESSION_BUS_ADDRESS: _bus,
    DISPLAY: _display,
    WAYLAND_DISPLAY: _wayland,
    ...rest
  } = process.env
  return { ...rest, XDG_DATA_HOME: home.path, XDG_RUNTIME_DIR: home.path }
}

const busAt = (path: string) => ({ ...environment(), DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` })

type Told = { result: unknown; state: { state: string; keychain: string; lost: number }; keys: unknown[] }

async function alone(verb: string, env: NodeJS.ProcessEnv = environment()): Promise<Told> {
  const { stdout } = await run(process.execPath, [script, verb, data.path], { env })
  return JSON.parse(stdout)
}

/** In a session of its own, whose keyring is told what to do when it starts; nothing of it is left afterwards. */
async function inSession(verb: string, how: 'unlocked' | 'as-it-is'): Promise<Told> {
  const service = await startSecretService(home.path, how)
  try {
    return await alone(verb, { ...environment(), ...service.env })
  } finally {
    await service.stop()
  }
}

const current = (place: string) => [{ place, state: 'current' }]
const refused = (reason: string) => ({
  result: { ok: false, failure: { code: 'vault-no-keychain', detail: { reason } } },
})

describe.skipIf(!isInstalled)('the keychain of this system', () => {
  test('keeps the key beyond the session, so what was sealed opens again; a new key takes its place', async () => {
    expect(await inSession('keep', 'unlocked')).toMatchObject({
      result: { ok: true },
      state: { state: 'open', keychain: 'works' },
      keys: current('keychain'),
    })
    expect(await inSession('read', 'unlocked')).toMatchObject({ result: { ok: true, isRight: true } })
    expect(await inSession('rotate', 'unlocked')).toMatchObject({
      result: { ok: true },
      keys: current('keychain'),
    })
    expect(await inSession('read', 'unlocked')).toMatchObject({ result: { ok: true, isRight: true } })
  })

  test('gives the key to a passphrase and takes it back', async () => {
    await inSession('keep', 'unlocked')
    expect(await inSession('use-passphrase', 'unlocked')).toMatchObject({ keys: current('passphrase') })
    expect(await inSession('read', 'unlocked')).toMatchObject({
      result: { failure: { code: 'vault-locked' } },
      state: { state: 'locked' },
    })
    expect(await inSession('use-keychain', 'unlocked')).toMatchObject({ keys: current('keychain') })
    expect(await inSession('read', 'unlocked')).toMatchObject({ result: { ok: true, isRight: true } })
  })

  test('when it is locked and nobody unlocks it: said so, nothing changed', async () => {
    await inSession('keep', 'unlocked')
    expect(await inSession('read', 'as-it-is')).toMatchObject({
      ...refused('locked'),
      state: { state: 'unavailable', keychain: 'locked' },
    })
    expect(await inSession('rotate', 'as-it-is')).toMatchObject({
      ...refused('locked'),
      keys: current('keychain'),
    })
    expect(await inSession('read', 'unlocked')).toMatchObject({ result: { ok: true, isRight: true } })
  })

  test('when it has no keyring yet: nothing is stored', async () => {
    expect(await inSession('keep', 'as-it-is')).toMatchObject({ ...refused('no-collection'), keys: [] })
  })

  test('when there is a bus and no Secret Service on it: nothing is stored', async () => {
    const config = join(home.path, 'bus.conf')
    writeFileSync(
      config,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
       <busconfig><type>session</type><listen>unix:tmpdir=${home.path}</listen>
       <policy context="default"><allow send_destination="*" eavesdrop="true"/>
       <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    )
    const words = [`--config-file=${config}`, '--', process.execPath, script, 'keep', data.path]
    const { stdout } = await run('dbus-run-session', words, { env: environment() })
    expect(JSON.parse(stdout)).toMatchObject({
      ...refused('no-service'),
      state: { state: 'empty', keychain: 'no-service' },
      keys: [],
    })
  })

  test('when it was emptied: the key is gone, and nothing is overwritten', async () => {
    await inSession('keep', 'unlocked')
    await inSession('wipe', 'unlocked')
    for (const verb of ['read', 'keep'])
      expect(await inSession(verb, 'unlocked')).toMatchObject({
        result: { failure: { code: 'vault-key-gone' } },
        state: { state: 'key-gone', keychain: 'works' },
        keys: current('keychain'),
      })
  })
})

describe('without a session bus', () => {
  test.skipIf(process.platform !== 'linux')('nothing is sealed, and the failure says so', async () => {
    const told = await alone('keep', busAt(join(home.path, 'no-bus')))
    expect(told).toMatchObject({ ...refused('no-bus'), state: { keychain: 'no-bus' }, keys: [] })
    expect(await alone('keep')).toMatchObject(refused('no-bus'))
  })

  test.skipIf(process.platform !== 'linux')('a passphrase keeps secrets all the same', async () => {
    const env = busAt(join(home.path, 'no-bus'))
    expect(await alone('use-passphrase', env)).toMatchObject({
      result: { ok: true },
      keys: current('passphrase'),
    })
    expect(await alone('keep', env)).toMatchObject({ result: { failure: { code: 'vault-locked' } } })
  })
})

describe('the words of a keychain', () => {
  test.each([
    ['DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time', 'no-bus'],
    ['Platform failure: DBus error: Failed to connect to socket /run/user/1000/bus', 'no-bus'],
    ['DBus error: The name org.freedesktop.secrets was not provided by any .service files', 'no-service'],
    ["Couldn't access platform storage: Secret Service: no result found", 'no-collection'],
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", 'locked'],
    ['User interaction is not allowed.', 'locked'],
    ['Cannot find native binding.', 'none'],
    ['something else', 'unknown'],
  ])('%s', (message, trouble) => {
    expect(troubleOf(new Error(message))).toBe(trouble)
  })
})
