import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Log, LogFields, Platform } from '#engine/platform.ts'
import { fail, ok } from '#shared/failure.ts'

export type LogLine = { level: 'info' | 'warn' | 'error'; event: string; fields: LogFields }

export type TestPlatform = Platform & {
  /** What was logged, in order. */
  readonly lines: LogLine[]
  /** Pages that were opened, in order. */
  readonly openedPages: string[]
}

/** Real time; timers do not keep the process alive. */
export const realClock: Clock = {
  now: Date.now,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** A host for tests: keeps nothing unless given a folder, in real time unless given a clock. */
export function testPlatform(
  options: { dataDir?: string | null; clock?: Clock; build?: string } = {},
): TestPlatform {
  const lines: LogLine[] = []
  const openedPages: string[] = []
  const dataDir = options.dataDir ?? null
  return {
    dataDir,
    build: options.build ?? 'test-build',
    clock: options.clock ?? realClock,
    log: testLog(lines),
    host: { opensLinks: 'host', titleBarInset: { left: 0, right: 0 }, dataFolder: dataDir, workspace: 'own' },
    openWorkspace: async () => fail('not-allowed'),
    openExternal: async url => {
      openedPages.push(url)
      return ok(null)
    },
    lines,
    openedPages,
  }
}

export function testLog(lines: LogLine[] = []): Log {
  const note =
    (level: LogLine['level']) =>
    (event: string, fields: LogFields = {}) => {
      lines.push({ level, event, fields })
    }
  return { info: note('info'), warn: note('warn'), error: note('error') }
}

/** A new empty folder, and how to take it away again. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rookery-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
