import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { HostInfo, Workspace } from '#shared/model/host.ts'
import { createDemoEngine } from './demo.ts'
import { createEngine, type Engine } from './engine.ts'
import type { EngineRouter } from './guard.ts'
import type { Platform } from './platform.ts'
import type { OpenFailure } from './storage/open.ts'

export type Workspaces = {
  /** What to serve to a wire that begins now. */
  router(): EngineRouter
  start(): void
  stop(): Promise<void>
}

export type WorkspaceOptions = {
  /** As for `createEngine`, with the data folder of the person's own workspace. */
  readonly platform: Omit<Platform, 'dataDir' | 'host' | 'openWorkspace'> & {
    readonly dataDir: string
    readonly host: Omit<HostInfo, 'dataFolder' | 'workspace'>
  }
  readonly first: Workspace
  /** Audits ask the DNS servers and contact nothing else. */
  readonly dnsOnly: boolean
  /** The text of the zone file that the demo is made of; read when it is needed. */
  readonly demoZone: () => Promise<string>
  /** The other workspace is open: the host ends every wire, and whoever comes back is served by `router()`. */
  readonly onSwitch: () => void
}

const nothingOutside = () => null
/** The answer to the call that asked for it must reach the window before its wire ends. */
const endWiresAfterMs = 100

/** The demo has its own folder inside the person's, and so its own store and its own identity. */
function workspaceFolder(dataDir: string, workspace: Workspace): string {
  return workspace === 'demo' ? join(dataDir, 'demo') : dataDir
}

/**
 * One engine at a time, on the person's own domains or on the demo's. Switching opens the other folder first, so when that
 * fails (as `createEngine` does, or `data-folder-unwritable` when the demo's zone file cannot be read) everything stays
 * as it is.
 */
export async function openWorkspaces(options: WorkspaceOptions): Promise<Result<Workspaces, OpenFailure>> {
  let current: { workspace: Workspace; engine: Engine }
  let switching = false
  let stopped = false
  /** The engine that was left last; its folder is free again when it has stopped. */
  let leaving: Promise<void> = Promise.resolve()

  const open = async (workspace: Workspace): Promise<Result<Engine, OpenFailure>> => {
    const dataDir = workspaceFolder(options.platform.dataDir, workspace)
    const platform: Platform = {
      ...options.platform,
      dataDir,
      host: { ...options.platform.host, dataFolder: dataDir, workspace },
      openWorkspace,
    }
    if (workspace === 'own')
      return createEngine(platform, undefined, options.dnsOnly ? nothingOutside : undefined)
    try {
      return await createDemoEngine(platform, await options.demoZone())
    } catch (error) {
      if (!isMissingFile(error)) throw error
      return fail('data-folder-unwritable', { file: 'demo.zone' })
    }
  }

  const openWorkspace = async (workspace: Workspace): Promise<Result<null>> => {
    if (switching || stopped) return fail('not-allowed', {}, 'later')
    if (workspace === current.workspace) return ok(null)
    switching = true
    const opened = await leaving
      .then(() => open(workspace))
      .finally(() => {
        switching = false
      })
    if (!opened.ok) return opened
    if (stopped) {
      await opened.value.stop()
      return fail('cancelled', {}, 'later')
    }
    const before = current.engine
    current = { workspace, engine: opened.value }
    opened.value.start()
    leaving = new Promise(resolve => {
      options.platform.clock.after(endWiresAfterMs, () => {
        options.onSwitch()
        void before.stop().then(resolve)
      })
    })
    return ok(null)
  }

  const opened = await open(options.first)
  if (!opened.ok) return opened
  current = { workspace: options.first, engine: opened.value }
  return ok({
    router: () => current.engine.router,
    start: () => current.engine.start(),
    stop: async () => {
      stopped = true
      await Promise.all([current.engine.stop(), leaving])
    },
  })
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
