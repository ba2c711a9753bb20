import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

export type SecretService = {
  /** What a process needs to reach it, and none other. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const busProgram = '/usr/bin/dbus-daemon'
const keyringProgram = '/usr/bin/gnome-keyring-daemon'

/** Why no Secret Service can be started here; null when one can. */
export function whyNoSecretService(): string | null {
  return existsSync(busProgram) && existsSync(keyringProgram)
    ? null
    : 'gnome-keyring or dbus is not installed'
}

/**
 * A session bus of its own with GNOME Keyring on it, whose keyrings are kept in `home`. Unlocked with a password that it
 * gets by a pipe, which makes the keyring the first time; or as it is, which leaves it locked or without one.
 */
export async function startSecretService(home: string, how: 'unlocked' | 'as-it-is'): Promise<SecretService> {
  const runtime = join(home, 'run')
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  const {
    DISPLAY: _display,
    WAYLAND_DISPLAY: _wayland,
    DBUS_SESSION_BUS_ADDRESS: _bus,
    ...rest
  } = process.env
  const own = { XDG_DATA_HOME: home, XDG_RUNTIME_DIR: runtime }
  const bus = spawn(
    busProgram,
    ['--session', '--nofork', '--print-address=1', `--address=unix:dir=${runtime}`],
    {
      env: { ...rest, ...own },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const [line] = await once(bus.stdout, 'data')
  const env = { ...own, DBUS_SESSION_BUS_ADDRESS: String(line).trim() }
  const flags = ['--foreground', '--components=secrets', ...(how === 'unlocked' ? ['--unlock'] : [])]
  const keyring = spawn(keyringProgram, flags, {
    env: { ...rest, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  keyring.stdin.on('error', () => {}).end(how === 'unlocked' ? 'test' : '')
  await ownsItsName(env)
  return {
    env,
    stop: async () => {
      for (const child of [keyring, bus]) await end(child)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Waits until the service can be called; the bus would not start another by itself in this folder. */
async function ownsItsName(env: Readonly<Record<string, string>>): Promise<void> {
  for (const until = Date.now() + 15_000; Date.now() < until; await setTimeout(100)) {
    const probe = spawn(
      '/usr/bin/dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.freedesktop.DBus',
        '/org/freedesktop/DBus',
        'org.freedesktop.DBus.NameHasOwner',
        'string:org.freedesktop.secrets',
      ],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    let text = ''
    probe.stdout.on('data', part => (text += part))
    await once(probe, 'close')
    if (text.includes('boolean true')) return
  }
  throw new Error('the Secret Service did not start')
}
