import { posix, win32 } from 'node:path'

export type Surroundings = {
  readonly platform: string
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Where the data live unless a folder was named: the folder each system keeps for an application's own data.
 * Both hosts use the same one, so that the always-on host and the window meet the same domains.
 */
export function defaultDataFolder({ platform, home, env }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'Rookery', 'Data')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Rookery', 'Data')
  // The XDG specification says to ignore a relative value.
  const named = env.XDG_DATA_HOME
  return posix.join(named?.startsWith('/') ? named : posix.join(home, '.local', 'share'), 'rookery')
}
