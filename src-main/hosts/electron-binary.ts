import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How long the fetch may go without a byte: at first (there may be no network at all), and later. */
const firstByteMs = 6_000
const stalledMs = 20_000
/** A fetch that failed is not tried again for this long. */
const retryAfterMs = 24 * 60 * 60 * 1000

const executables: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** The Electron executable that is on this machine, or null. */
export function findElectron(
  projectRoot: string,
  platform: string = process.platform,
  overridden: string | undefined = process.env.ELECTRON_OVERRIDE_DIST_PATH,
): string | null {
  const executable = executables[platform] ?? 'electron'
  if (overridden) {
    const path = join(overridden, executable)
    return existsSync(path) ? path : null
  }
  const folder = join(projectRoot, 'node_modules', 'electron')
  const path = join(folder, 'dist', executable)
  return existsSync(path) && isWhole(folder) ? path : null
}

/** The package writes path.txt only after everything has been unpacked. */
function isWhole(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'path.txt'), 'utf8') !== ''
  } catch {
    return false
  }
}

type Tried = { readonly version: string; readonly triedAt: number }

/**
 * Runs the Electron package's own installer once, bounded by the absence of progress, and returns the executable or
 * null. A failed try is remembered for a day, so that no start pays for it twice.
 */
export async function fetchElectron(
  projectRoot: string,
  now: number,
  say: (line: string) => void,
): Promise<string | null> {
  const folder = join(projectRoot, 'node_modules', 'electron')
  const memory = join(projectRoot, 'node_modules', '.cache', 'rookery', 'electron-fetch.json')
  const version = await readVersion(folder)
  if (version === null) return null
  const tried = await readTried(memory)
  if (tried?.version === version && now - tried.triedAt < retryAfterMs && now >= tried.triedAt) return null

  say('Fetching Electron, once.')
  const temporary = await mkdtemp(join(tmpdir(), 'rookery-electron-'))
  try {
    await runInstaller(folder, temporary)
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => {})
  }
  const found = findElectron(projectRoot)
  if (found === null) {
    const failed: Tried = { version, triedAt: now }
    await mkdir(join(memory, '..'), { recursive: true })
    await writeFile(memory, JSON.stringify(failed))
  }
  return found
}

/** Resolves when the installer has ended or was ended for want of progress, whichever way. */
async function runInstaller(folder: string, temporary: string): Promise<void> {
  const child = spawn(process.execPath, [join(folder, 'install.js')], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
  })
  let timer: NodeJS.Timeout | undefined
  let lastBytes = 0
  let lastProgressAt = performance.now()
  const watch = async () => {
    const bytes = (await sizeOf(temporary)) + (await sizeOf(join(folder, 'dist')))
    if (bytes !== lastBytes) {
      lastBytes = bytes
      lastProgressAt = performance.now()
    }
    const patienceMs = bytes === 0 ? firstByteMs : stalledMs
    if (performance.now() - lastProgressAt > patienceMs) child.kill('SIGKILL')
    else timer = setTimeout(watch, 500)
  }
  timer = setTimeout(watch, 500)
  await new Promise<void>(resolve => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  clearTimeout(timer)
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter(entry => entry.isFile())
    .map(entry =>
      stat(join(entry.parentPath, entry.name)).then(
        found => found.size,
        () => 0,
      ),
    )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function readVersion(folder: string): Promise<string | null> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : null
  } catch {
    return null
  }
}

async function readTried(file: string): Promise<Tried | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tried
  } catch {
    return null
  }
}
