import { type ChildProcess, spawn } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from 'dns-packet'
import { freePort } from './ports.ts'

export type Nsd = { host: string; port: number; pid: number; stop(): Promise<void> }

const places = ['/usr/sbin/nsd', '/usr/local/sbin/nsd', '/opt/homebrew/sbin/nsd', '/usr/bin/nsd']

/**
 * Starts a real NSD on a free port of 127.0.0.1, UDP and TCP, as the current user. `zones` is zone name → zone text;
 * one "." zone that holds everything is the easiest. Null when NSD is not installed: the caller says in the name of
 * its suite that it was skipped. Throws with NSD's own words when it refuses the zones.
 */
export async function startNsd(options: { zones: Readonly<Record<string, string>> }): Promise<Nsd | null> {
  const program = await firstExecutable(places)
  if (program === null) return null
  const folder = await mkdtemp(join(tmpdir(), 'rookery-nsd-'))
  await mkdir(join(folder, 'zones'))
  const port = await freePort()
  const zoneLines: string[] = []
  for (const [index, [zone, text]] of Object.entries(options.zones).entries()) {
    const file = join(folder, 'zones', `${index}.zone`)
    await writeFile(file, text.endsWith('\n') ? text : `${text}\n`)
    zoneLines.push('zone:', `  name: "${zone}"`, `  zonefile: "${file}"`)
  }
  const config = join(folder, 'nsd.conf')
  await writeFile(
    config,
    [
      'server:',
      `  ip-address: 127.0.0.1@${port}`,
      `  username: "${userInfo().username}"`,
      '  chroot: ""',
      `  zonesdir: "${folder}"`,
      `  database: ""`,
      `  pidfile: "${join(folder, 'nsd.pid')}"`,
      `  xfrdfile: "${join(folder, 'xfrd.state')}"`,
      `  xfrdir: "${folder}"`,
      `  zonelistfile: "${join(folder, 'zone.list')}"`,
      '  server-count: 1',
      '  tcp-count: 200',
      '  rrl-ratelimit: 0',
      '  verbosity: 0',
      'remote-control:',
      '  control-enable: no',
      ...zoneLines,
      '',
    ].join('\n'),
  )
  const child = spawn(program, ['-d', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  const abandon = () => child.kill('SIGTERM')
  process.once('exit', abandon)
  const stop = async () => {
    process.removeListener('exit', abandon)
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  const zone = Object.keys(options.zones)[0] ?? '.'
  const startedAt = Date.now()
  while (!(await answers(port, zone))) {
    if (child.exitCode !== null || Date.now() - startedAt > 20_000) {
      await stop()
      throw new Error(`nsd did not start: ${said}`)
    }
    await sleep(20)
  }
  if (/error|failed/i.test(said)) {
    await stop()
    throw new Error(`nsd refused a zone: ${said}`)
  }
  return { host: '127.0.0.1', port, pid: child.pid ?? 0, stop }
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(late)
}

function answers(port: number, zone: string): Promise<boolean> {
  const socket = createSocket('udp4')
  return new Promise(resolve => {
    const settle = (answered: boolean) => {
      clearTimeout(timer)
      socket.close()
      resolve(answered)
    }
    const timer = setTimeout(() => settle(false), 300)
    socket.once('error', () => settle(false))
    socket.once('message', () => settle(true))
    socket.connect(port, '127.0.0.1', () =>
      socket.send(encode({ type: 'query', id: 1, questions: [{ name: zone, type: 'SOA' }] })),
    )
  })
}
