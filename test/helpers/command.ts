import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../src-main/build.ts'

export type Say = (line: string) => void

export type CommandEnd = {
  /** Exit code; null when it could not start, was killed or took too long. */
  readonly code: number | null
  /** What it printed on both streams, in order of arrival. */
  readonly output: string
  readonly tookMs: number
}

/** A file of an installed package, for Node to run: no shell and no shim between us and it. */
export const toolFile = (path: string) => join(projectRoot, 'node_modules', path)

/**
 * Runs a command in the project's folder with nothing on its standard input. It and its children are ended when it takes
 * too long or we are told to stop.
 */
export function runs(
  [program = '', ...parameters]: readonly string[],
  withinMs: number,
  env: Readonly<Record<string, string>> = {},
  onOutput: Say = () => {},
): Promise<CommandEnd> {
  const startedAt = performance.now()
  const ownGroup = process.platform !== 'win32'
  const child = spawn(program, parameters, {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      onOutput(text)
    })
  }
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(ownGroup ? -child.pid : child.pid, signal)
    } catch {
      // It has just ended.
    }
  }
  const onExit = () => kill('SIGKILL')
  process.once('exit', onExit)
  return new Promise(resolve => {
    const late = setTimeout(() => {
      output += `\nIt took longer than ${Math.round(withinMs / 1000)} s and was ended.\n`
      kill('SIGKILL')
    }, withinMs)
    const settle = (code: number | null) => {
      clearTimeout(late)
      process.off('exit', onExit)
      resolve({ code, output, tookMs: performance.now() - startedAt })
    }
    child.once('error', error => {
      output += `${error.message}\n`
      settle(null)
    })
    child.once('close', settle)
  })
}
