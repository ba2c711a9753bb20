import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import type { Notification } from '#engine/platform.ts'
import type { Failure } from '#shared/failure.ts'
import type { EngineStatus, HostInfo, Workspace } from '#shared/model/host.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'
import { isOurPage } from './page-protocol.ts'
import { restartDelayMs } from './restart.ts'

export type EngineLink = {
  /** Gives the page that asked a fresh wire to the engine, as soon as there is one; a wire it had before ends. */
  connect(contents: WebContents): void
  /** Ends the engine within `stopMs`, for good. */
  stop(): Promise<void>
}

export type EngineLinkOptions = {
  readonly entry: string
  readonly dataDir: string
  readonly verbose: boolean
  readonly dnsOnly: boolean
  readonly host: Omit<HostInfo, 'dataFolder' | 'workspace'>
  /** Which is opened first. */
  readonly workspace: Workspace
  readonly now: () => number
  readonly openLink: (url: string) => Promise<boolean>
  readonly notify: (notification: Notification) => void
  /** Null while there is no engine. */
  readonly onStatus: (status: EngineStatus | null) => void
  /** The engine will not run: it said why, or (null) it crashed again and again. */
  readonly onFailure: (failure: Failure | null) => void
}

const stopMs = 2_500

/** Starts the engine in a process of its own, starts it again when it crashes, and connects pages to it. */
export function startEngineProcess(options: EngineLinkOptions): EngineLink {
  const crashedAt: number[] = []
  /** The wire of each page, or null while it waits for the engine to come back. */
  const pages = new Map<WebContents, number | null>()
  let child: UtilityProcess | null = null
  let wires = 0
  let ended = false

  const tell = (message: ToEngine, ports: Electron.MessagePortMain[] = []) =>
    child?.postMessage(message, ports)

  const connect = (contents: WebContents) => {
    // A port is the right to call the engine: only our own page gets one.
    if (ended || contents.isDestroyed() || !isOurPage(contents.getURL())) return
    const before = pages.get(contents)
    if (before === undefined) contents.once('destroyed', () => pages.delete(contents))
    if (child === null) {
      pages.set(contents, null)
      return
    }
    if (typeof before === 'number') tell({ kind: 'disconnect', wire: before })
    const wire = ++wires
    pages.set(contents, wire)
    const { port1, port2 } = new MessageChannelMain()
    tell({ kind: 'connect', wire }, [port1])
    contents.postMessage('rookery-port', null, [port2])
  }

  const receive = (message: FromEngine) => {
    if (message.kind === 'open') {
      const { call, url } = message
      void options.openLink(url).then(opened => tell({ kind: 'opened', call, opened }))
    } else if (message.kind === 'notify') {
      options.notify(message.notification)
    } else if (message.kind === 'status') {
      options.onStatus(message.status)
    } else if (message.kind === 'failed') {
      ended = true
      options.onFailure(message.failure)
    }
  }

  const launch = () => {
    const started = utilityProcess.fork(options.entry, [], {
      serviceName: 'Rookery engine',
      stdio: 'inherit',
    })
    child = started
    started.on('message', receive)
    started.once('exit', () => {
      child = null
      if (ended) return
      options.onStatus(null)
      crashedAt.push(options.now())
      const delayMs = restartDelayMs(crashedAt, options.now())
      if (delayMs === null) {
        ended = true
        options.onFailure(null)
      } else {
        setTimeout(() => {
          if (!ended) launch()
        }, delayMs)
      }
    })
    const { dataDir, verbose, dnsOnly, host, workspace } = options
    tell({ kind: 'start', dataDir, verbose, dnsOnly, host, workspace })
    for (const [contents, wire] of pages) if (wire === null) connect(contents)
  }
  launch()

  return {
    connect,
    async stop() {
      ended = true
      const running = child
      if (running === null) return
      const exited = new Promise<void>(resolve => running.once('exit', () => resolve()))
      tell({ kind: 'stop' })
      const late = setTimeout(() => running.kill(), stopMs)
      await Promise.race([exited, new Promise(resolve => setTimeout(resolve, stopMs + 200))])
      clearTimeout(late)
    },
  }
}
