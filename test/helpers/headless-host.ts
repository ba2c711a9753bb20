import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt, projectRoot } from '../../src-main/build.ts'
import { engineFlags } from '../../src-main/hosts/engine-flags.ts'
import { refuseHits, removeSwept, sweepText } from './canary.ts'

export type RunningHost = {
  readonly child: ChildProcess
  /** The address with the token, as printed. */
  readonly url: string
  readonly port: number
  readonly token: string
  readonly readyAfterMs: number
  output(): string
  /** Sends a signal and waits for the end; returns the exit code (or the signal's name) and how long it took. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | string | null; tookMs: number }>
}

export type EndedHost = {
  readonly code: number | string | null
  readonly stdout: string
  readonly stderr: string
}

type HostOptions = {
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What it reads on standard input. */
  readonly input?: string
}

const dataDirs: string[] = []
if (process.env.VITEST) {
  const { afterAll } = await import('vitest')
  afterAll(() => {
    for (const folder of dataDirs) removeSwept(folder)
  })
}

/** A folder for one test's data, taken away when the tests of its file are over. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-data-'))
  dataDirs.push(folder)
  return folder
}

/** Starts the built headless host as a process of its own and waits until it says that it is ready. */
export async function startHeadlessHost(options: HostOptions = {}): Promise<RunningHost> {
  const { child, collected, ended, startedAt } = await launch(options)
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /Rookery is ready: (\S+)/.exec(collected.stdout)?.[1]
      if (found) resolve(found)
    }
    child.stdout?.on('data', look)
    void ended.then(code =>
      reject(new Error(`the host ended with ${code}:\n${collected.stdout}${collected.stderr}`)),
    )
  })
  const { port, hash } = new URL(url)
  return {
    child,
    url,
    port: Number(port),
    token: hash.replace('#token=', ''),
    readyAfterMs: performance.now() - startedAt,
    output: () => collected.stdout + collected.stderr,
    async stop(signal = 'SIGTERM') {
      const sentAt = performance.now()
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const code = await ended
      refuseHits(sweepText(collected.stdout + collected.stderr, 'what the host printed'))
      return { code, tookMs: performance.now() - sentAt }
    },
  }
}

/** Runs the host where it is expected to end by itself. */
export async function runHeadlessHost(options: HostOptions = {}): Promise<EndedHost> {
  const { collected, ended } = await launch(options)
  return { code: await ended, ...collected }
}

async function launch({ dataDir, args = [], env = {}, input = '' }: HostOptions) {
  await ensureBuilt()
  const folder = dataDir ?? (await makeDataDir())
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...engineFlags,
      join(projectRoot, 'src-main/start.ts'),
      '--headless',
      '--no-open',
      // Tests talk to loopback alone.
      '--dns-only',
      '--data-dir',
      folder,
      ...(args.includes('--port') ? [] : ['--port', '0']),
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  // A host that does not read it may be gone before it is written.
  child.stdin.on('error', () => {}).end(input)
  const collected = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => (collected.stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (collected.stderr += text))
  const ended = new Promise<number | string | null>(resolve => {
    child.once('close', (code, signal) => resolve(signal ?? code))
  })
  return { child, collected, ended, startedAt }
}

export type RawAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** One HTTP request with exactly these headers and this path, which `fetch` would tidy. */
export function rawRequest(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', part => (text += part))
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      )
    })
    asked.once('upgrade', (answer, socket) => {
      socket.destroy()
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' })
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

/** Exchanges the token as the page does, and returns the cookie to send. */
export async function openHostSession({ port, token }: { port: number; token: string }): Promise<string> {
  const answer = await rawRequest(port, '/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` },
    body: JSON.stringify({ token }),
  })
  const cookie = answer.headers['set-cookie']?.[0]
  if (answer.status !== 204 || !cookie) throw new Error(`no session: ${answer.status}`)
  return cookie.split(';')[0] ?? ''
}
