import { exitCodes } from './exit-code.ts'

/** The first interrupt stops the run and lets it print what it has; the second ends the process. */
export function watchInterrupts(stop: AbortController): { code(): number | null; end(): void } {
  let code: number | null = null
  const on = (ownCode: number) => () => {
    if (code !== null) process.exit(ownCode)
    code = ownCode
    stop.abort()
  }
  const handlers = { SIGINT: on(exitCodes.interrupted), SIGTERM: on(exitCodes.terminated) }
  process.on('SIGINT', handlers.SIGINT)
  process.on('SIGTERM', handlers.SIGTERM)
  return {
    code: () => code,
    end() {
      process.off('SIGINT', handlers.SIGINT)
      process.off('SIGTERM', handlers.SIGTERM)
    },
  }
}
