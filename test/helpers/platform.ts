import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryKeychain } from '#engine/demo/keychain.ts'
import type { Clock, Keychain, Log, LogFields, Notification, Platform } from '#engine/platform.ts'
import { fail, ok } from '#shared/failure.ts'
import { refuseHits, removeSwept, sweepText } from './canary.ts'

export type LogLine = { level: 'info' | 'warn' | 'error'; event: string; fields: LogFields }

export type TestPlatform = Platform & {
  /** What was logged, in order. */
  readonly lines: LogLine[]
  /** Pages that were opened, in order. */
  readonly openedPages: string[]
  /** What was notified, in order. */
  readonly notifications: Notification[]
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
  options: { dataDir?: string | null; clock?: Clock; build?: string; keychain?: Keychain } = {},
): TestPlatform {
  const lines: LogLine[] = []
  const openedPages: string[] = []
  const notifications: Notification[] = []
  const dataDir = options.dataDir ?? null
  return {
    dataDir,
    build: options.build ?? 'test-build',
    clock: options.clock ?? realClock,
    log: testLog(lines),
    host: { opensLinks: 'host', titleBarInset: { left: 0, right: 0 }, dataFolder: dataDir, workspace: 'own' },
    keychain: options.keychain ?? memoryKeychain(),
    notify: notification => void notifications.push(notification),
    openWorkspace: async () => fail('not-allowed'),
    openExternal: async url => {
      openedPages.push(url)
      return ok(null)
    },
    lines,
    openedPages,
    notifications,
  }
}

/** A keychain that forgets everything with the process, and what stands in it. */
export function memoryKeychain(): Keychain & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return { ...createMemoryKeychain(kept), kept }
}

export function testLog(lines: LogLine[] = []): Log {
  const note =
    (level: LogLine['level']) =>
    (event: string, fields: LogFields = {}) => {
      refuseHits(sweepText(JSON.stringify(fields), `the log, ${event}`))
      lines.push({ level, event, fields })
    }
  return { info: note('info'), warn: note('warn'), error: note('error') }
}

/**
 * A new empty folder, and how to take it away again, which fails when a password of a test stands in it. One that has to
 * hold passwords, such as those of a mail server, says so.
 */
export function temporaryFolder(holds: 'no-password' | 'passwords' = 'no-password'): {
  path: string
  remove(): void
} {
  const path = mkdtempSync(join(tmpdir(), 'rookery-test-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  return { path, remove: holds === 'passwords' ? remove : () => removeSwept(path) }
}
