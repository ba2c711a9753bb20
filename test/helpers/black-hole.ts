import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'

export type BlackHole = { readonly port: number; stop(): Promise<void> }

const listen = `
const server = require('node:net').createServer()
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))
`

/**
 * A port of 127.0.0.1 whose connections are never taken nor refused, as behind a firewall that drops them: a process that
 * listens and is then halted, with its short queue filled. Linux leaves further attempts without an answer.
 */
export async function startBlackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [text] = await once(child.stdout, 'data')
  const port = Number(String(text).trim())
  child.kill('SIGSTOP')
  const filling: Socket[] = []
  const stop = async () => {
    for (const socket of filling) socket.destroy()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  for (let quiet = 0; quiet < 2 && filling.length < 20; ) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    filling.push(socket)
    await Promise.race([once(socket, 'connect'), setTimeout(150)])
    // A loop that was held up comes to its timers first, though the connection was taken long ago.
    await setImmediate()
    await setImmediate()
    quiet = socket.connecting ? quiet + 1 : 0
  }
  return { port, stop }
}
