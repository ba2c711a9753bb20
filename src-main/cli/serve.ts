import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { engineFlags } from '../hosts/engine-flags.ts'

/** A terminal sends its interrupt to both processes; the child decides when it is done. */
const wait = () => undefined

/** Starts the headless host with the flags of `npm start`; lives as long as it does and ends with its code. */
export function serve(flags: readonly string[]): Promise<number> {
  const start = fileURLToPath(new URL('../start.ts', import.meta.url))
  const child = spawn(process.execPath, [...engineFlags, start, '--headless', ...flags], { stdio: 'inherit' })
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', wait)
  process.on('SIGTERM', pass)
  return new Promise(resolve => {
    child.once('error', () => resolve(1))
    child.once('exit', (code, signal) => {
      process.off('SIGINT', wait)
      process.off('SIGTERM', pass)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
