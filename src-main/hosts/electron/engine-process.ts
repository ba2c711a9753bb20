import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createInProcessClient } from '#engine/in-process.ts'
import { openWorkspaces, type Workspaces } from '#engine/workspaces.ts'
import { fail, ok } from '#shared/failure.ts'
import { buildId } from '../build-id.ts'
import { systemClock } from '../clock.ts'
import { systemKeychain } from '../keychain.ts'
import { demoZonePath } from '../demo-zone.ts'
import { createLog } from '../log.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'
import { servePort } from './port.ts'

/** Entry of the engine's own process, so that its work never holds up the window. */
const { parentPort } = process
const wires = new Map<number, Electron.MessagePortMain>()
/** How to end the wires that are served. */
const served = new Map<number, () => void>()
const opening = new Map<number, (opened: boolean) => void>()
const statusAgainMs = 1_000
const stopping = new AbortController()
let calls = 0
let workspaces: Workspaces | null = null

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between processes has no origin
const tell = (message: FromEngine) => parentPort.postMessage(message)

// Ctrl-C in a terminal reaches every process of the group; the main process decides when this one ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => void stop())

parentPort.on('message', event => {
  const message = event.data as ToEngine
  const port = event.ports[0]
  if (message.kind === 'start') void start(message)
  else if (message.kind === 'connect' && port) connect(message.wire, port)
  else if (message.kind === 'disconnect') wires.get(message.wire)?.close()
  else if (message.kind === 'opened') opening.get(message.call)?.(message.opened)
  else if (message.kind === 'stop') void stop()
})

async function start({
  dataDir,
  verbose,
  dnsOnly,
  host,
  workspace,
}: Extract<ToEngine, { kind: 'start' }>): Promise<void> {
  const log = createLog(line => process.stderr.write(line), verbose ? 'info' : 'warn', Date.now)
  const opened = await openWorkspaces({
    platform: {
      dataDir,
      build: buildId,
      clock: systemClock,
      log,
      host,
      keychain: systemKeychain(),
      notify: notification => tell({ kind: 'notify', notification }),
      async openExternal(url) {
        const call = ++calls
        tell({ kind: 'open', call, url })
        const opened = await new Promise<boolean>(resolve => opening.set(call, resolve))
        opening.delete(call)
        return opened ? ok(null) : fail('link-not-allowed')
      },
    },
    first: workspace,
    dnsOnly,
    demoZone: () => readFile(join(import.meta.dirname, demoZonePath), 'utf8'),
    onSwitch: () => {
      // The page asks for another wire when this one ends.
      for (const [wire, end] of served) {
        wires.delete(wire)
        served.delete(wire)
        end()
      }
    },
  })
  if (!opened.ok) return tell({ kind: 'failed', failure: opened.failure })
  workspaces = opened.value
  for (const [wire, port] of wires) serve(wire, port, workspaces)
  workspaces.start()
  void tellStatus(workspaces)
}

/** Tells the main process how the engine is for as long as there is one, in whichever workspace. */
async function tellStatus({ router }: Workspaces): Promise<void> {
  while (!stopping.signal.aborted) {
    const states = await createInProcessClient(router()).host.status(undefined)
    for (let step = await states.next(); !step.done; step = await states.next())
      tell({ kind: 'status', status: step.value })
    // Another workspace is being opened.
    await setTimeout(statusAgainMs)
  }
}

/** A window may be there before the engine is; its frames wait in the port until someone reads it. */
function connect(wire: number, port: Electron.MessagePortMain): void {
  wires.set(wire, port)
  port.on('close', () => {
    wires.delete(wire)
    served.delete(wire)
  })
  if (workspaces !== null) serve(wire, port, workspaces)
}

function serve(wire: number, port: Electron.MessagePortMain, { router }: Workspaces): void {
  served.set(wire, servePort(port, router()))
}

async function stop(): Promise<void> {
  stopping.abort()
  await workspaces?.stop()
  process.exit(0)
}
