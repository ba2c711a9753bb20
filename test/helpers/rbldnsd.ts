import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from 'dns-packet'
import { freePort } from './ports.ts'

export type Rbldnsd = { readonly address: string; stop(): Promise<void> }

/** A zone of rbldnsd: `ip4set`, `ip6tset`, `dnset` or `generic`, and its data file. */
export type RblZone = { readonly zone: string; readonly type: string; readonly data: string }

const places = ['/usr/sbin/rbldnsd', '/usr/local/sbin/rbldnsd']
/** It refuses to run as root, so as root it is given another user. */
const otherUser = 'nobody'

/** Starts a real rbldnsd on a free port of 127.0.0.1. Null when it is not installed. */
export async function startRbldnsd(zones: readonly RblZone[]): Promise<Rbldnsd | null> {
  const program = places.find(existsSync)
  if (program === undefined) return null
  const folder = await mkdtemp(join(tmpdir(), 'rookery-rbldnsd-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const words = ['-n', '-b', `127.0.0.1/${port}`, '-w', folder]
  if (process.getuid?.() === 0) words.push('-u', otherUser)
  for (const [index, { zone, type, data }] of zones.entries()) {
    await writeFile(join(folder, `${index}`), data, { mode: 0o644 })
    words.push(`${zone}:${type}:${index}`)
  }
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const abandon = () => child.kill('SIGTERM')
  process.once('exit', abandon)
  const stop = async () => {
    process.removeListener('exit', abandon)
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  const startedAt = Date.now()
  while (!(await answers(port, zones[0]?.zone ?? '.'))) {
    if (child.exitCode !== null || Date.now() - startedAt > 10_000) {
      await stop()
      throw new Error(`rbldnsd did not start: ${said}`)
    }
    await sleep(20)
  }
  return { address: `127.0.0.1:${port}`, stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
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
    const timer = setTimeout(() => settle(false), 200)
    socket.once('error', () => settle(false))
    socket.once('message', () => settle(true))
    socket.connect(port, '127.0.0.1', () =>
      socket.send(encode({ type: 'query', id: 1, questions: [{ name: `2.0.0.127.${zone}`, type: 'A' }] })),
    )
  })
}
