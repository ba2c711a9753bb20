import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isIP } from 'node:net'
import { openWorkspaces } from '#engine/workspaces.ts'
import { fail, type Failure } from '#shared/failure.ts'
import { failureWords } from '#shared/words/failures.ts'
import { buildId } from '../build-id.ts'
import { systemClock } from '../clock.ts'
import { defaultDataFolder } from '../data-folder.ts'
import { hasDisplay } from '../display.ts'
import { systemKeychain } from '../keychain.ts'
import { demoZonePath } from '../demo-zone.ts'
import { createLog } from '../log.ts'
import { type PageFiles, readPageFiles } from '../page-files.ts'
import { parseStartFlags, type StartFlags, startUsage } from '../start-flags.ts'
import { type HttpHost, serveHttp } from './http.ts'
import { unlockFrom } from './passphrase-input.ts'
import { serveSocket } from './socket.ts'

const stopMs = 2_500

const say = (line: string) => process.stderr.write(`${line}\n`)

/** Runs the headless host until it is told to stop, and returns the exit code. Failures are told in one sentence. */
export async function runHeadless(flags: StartFlags): Promise<number> {
  const stopAsked = stopSignal()
  const log = createLog(line => process.stderr.write(line), flags.verbose ? 'info' : 'warn', Date.now)
  // A reader that went away (a closed pipe) is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('unhandledRejection', reason => log.error('bug.unhandled-rejection', { at: stackOf(reason) }))

  const dataDir =
    flags.dataDir ?? defaultDataFolder({ platform: process.platform, home: homedir(), env: process.env })
  const wires = new Set<() => void>()
  const opened = await openWorkspaces({
    platform: {
      dataDir,
      build: buildId,
      clock: systemClock,
      log,
      host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 } },
      keychain: systemKeychain(),
      // Nobody may be looking; the page shows the alert, and whoever runs the machine finds it in the log.
      notify: ({ title, body }) => log.warn('alert', { title, body }),
      // The page opens its links itself; the machine that runs the host may be another one.
      openExternal: async () => fail('not-allowed'),
    },
    dnsOnly: flags.dnsOnly,
    first: flags.demo ? 'demo' : 'own',
    demoZone: () => readFile(join(import.meta.dirname, demoZonePath), 'utf8'),
    onSwitch: () => {
      for (const end of wires) end()
    },
  })
  if (!opened.ok) {
    say(failureSentence(opened.failure))
    return 1
  }
  const { router, start, stop } = opened.value
  if (flags.passphraseStdin) {
    const unlocked = await unlockFrom(process.stdin, router())
    if (unlocked.say !== null) say(unlocked.say)
    if (!unlocked.goOn) {
      await stop()
      return 1
    }
  }

  let files: Promise<PageFiles> | null = null
  let http: HttpHost
  try {
    http = await serveHttp({
      listen: flags.listen,
      port: flags.port,
      now: () => systemClock.now(),
      files: () => (files ??= readPageFiles(join(import.meta.dirname, '..', 'renderer'))),
      accept: socket => {
        const end = serveSocket(socket, router())
        wires.add(end)
        socket.once('close', () => wires.delete(end))
      },
    })
  } catch (error) {
    say(listenSentence(error, flags))
    await stop()
    return 1
  }

  const url = `http://${urlHost(flags.listen)}:${http.port}/#token=${http.token}`
  process.stdout.write(`Rookery is ready: ${url}\n`)
  if (!isLoopback(flags.listen)) {
    say(`Other machines can reach Rookery at ${flags.listen}, and the connection is not encrypted.`)
  }
  start()
  if (flags.open && process.stdin.isTTY && hasDisplay(process.platform, process.env)) {
    openBrowser(url).catch(() => say('The browser did not open; open the address above yourself.'))
  }

  await stopAsked
  const late = new Promise<void>(resolve => setTimeout(resolve, stopMs).unref())
  await Promise.race([Promise.all([http.close(), stop()]), late])
  process.stdout.write('Rookery has stopped.\n')
  return 0
}

/** Resolves at the first signal to stop. Later ones are swallowed: npm and the terminal often send two for one Ctrl-C. */
function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

async function openBrowser(url: string): Promise<void> {
  const { default: open } = await import('open')
  const child = await open(url)
  child.on('error', () => {})
}

function failureSentence(failure: Failure): string {
  const words = failureWords[failure.code]
  return `${words.title(failure.detail)} ${words.next(failure.detail)}`.trim()
}

function listenSentence(error: unknown, { port, listen }: StartFlags): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use, perhaps by another Rookery. Choose another with --port, or --port 0 for any free one.`
  }
  if (code === 'EACCES')
    return `Port ${port} may not be used by this account. Choose one above 1023 with --port.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${listen} is not an address of this machine. Name one that is with --listen.`
  }
  return `Rookery could not listen on ${listen}, port ${port} (${String(code)}).`
}

function urlHost(listen: string): string {
  if (listen === '0.0.0.0' || listen === '::') return '127.0.0.1'
  return isIP(listen) === 6 ? `[${listen}]` : listen
}

const isLoopback = (address: string) =>
  address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)

/** Where a bug happened, without its message, which may hold what a person typed. */
function stackOf(reason: unknown): string {
  if (!(reason instanceof Error)) return typeof reason
  const frames = (reason.stack ?? '').split('\n').filter(line => line.trimStart().startsWith('at '))
  return [reason.name, ...frames.slice(0, 6).map(line => line.trim())].join(' | ')
}

if (import.meta.main) {
  const parsed = parseStartFlags(process.argv.slice(2), process.cwd())
  if (!parsed.ok) {
    process.stderr.write(`${parsed.message}\n\n${startUsage}`)
    process.exit(2)
  }
  process.exit(await runHeadless(parsed.flags))
}
