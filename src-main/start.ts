import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { distFolder, ensureBuilt, projectRoot } from './build.ts'
import { hasDisplay } from './hosts/display.ts'
import { fetchElectron, findElectron } from './hosts/electron-binary.ts'
import { failureToldCode } from './hosts/exit-codes.ts'
import type * as headlessHost from './hosts/headless/main.ts'
import { parseStartFlags, type StartFlags, startUsage } from './hosts/start-flags.ts'

const stopMs = 2_800
const say = (line: string) => console.error(line)
const untilHost = () => process.exit(0)

process.exit(await main())

async function main(): Promise<number> {
  const parsed = parseStartFlags(process.argv.slice(2), process.cwd())
  if (!parsed.ok) {
    say(`${parsed.message}\n\n${startUsage}`)
    return 2
  }
  if (parsed.flags.help) {
    console.log(startUsage)
    return 0
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, untilHost)
  try {
    await ensureBuilt(say)
  } catch (error) {
    say(`Rookery could not be built. ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
  const host = await chooseHost(parsed.flags)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, untilHost)

  if (host.electron !== null) {
    const code = await runWindow(host.electron, parsed.flags)
    if (code !== null) return code
    host.why = 'Electron does not run on this machine'
  }
  if (host.why !== null) say(`${host.why}, so Rookery runs in the browser.`)
  const path = join(distFolder, 'headless', 'main.js')
  const { runHeadless }: typeof headlessHost = await import(pathToFileURL(path).href)
  return runHeadless(parsed.flags)
}

async function chooseHost(flags: StartFlags): Promise<{ electron: string | null; why: string | null }> {
  if (flags.headless) return { electron: null, why: null }
  if (!hasDisplay(process.platform, process.env)) return { electron: null, why: 'There is no display' }
  const electron = findElectron(projectRoot) ?? (await fetchElectron(projectRoot, Date.now(), say))
  return electron === null
    ? { electron: null, why: 'Electron could not be fetched' }
    : { electron, why: null }
}

/** Runs the window until it closes. Null when Electron cannot run here at all, such as for want of a library. */
function runWindow(electron: string, flags: StartFlags): Promise<number | null> {
  const args = [projectRoot]
  if (flags.dataDir !== null) args.push(`--data-dir=${flags.dataDir}`)
  if (flags.demo) args.push('--demo')
  if (flags.verbose) args.push('--verbose')
  if (flags.dnsOnly) args.push('--dns-only')
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say('Rookery runs as root, where Chromium has no sandbox. Prefer an ordinary account.')
    args.unshift('--no-sandbox')
  }
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  const startedAt = performance.now()
  const child = spawn(electron, args, { stdio: 'inherit', env })
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), stopMs).unref()
    })
  }
  return new Promise(resolve => {
    child.once('error', () => resolve(null))
    child.once('exit', (code, signal) => {
      // A missing library or X server ends it at once, each in its own way.
      const atOnce = performance.now() - startedAt < 10_000 && (code !== 0 || signal !== null)
      if (stopping) resolve(0)
      else if (code === failureToldCode) resolve(1)
      else resolve(atOnce ? null : (code ?? 1))
    })
  })
}
