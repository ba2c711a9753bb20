import type { BlacklistEvent, BlacklistReport } from '#shared/model/blacklist.ts'
import { failureLine } from '#shared/words/failures.ts'
import { blacklistExitCode, blacklistRecord, blacklistTable } from './blacklist-report.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { paintFor } from './layout.ts'
import { openEngine } from './open-engine.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'

export type BlacklistOptions = {
  readonly targets: readonly string[]
  readonly resolvers: readonly string[]
  readonly json: boolean
  readonly build: string
}

const mostColumns = 100

/** Runs `rookery blacklists` and returns its exit code. Everything written has been handed over by then. */
export async function runBlacklistsVerb(options: BlacklistOptions): Promise<number> {
  const { stop, stdout, refuse } = openOutputs()
  if (options.targets.length === 0) return refuse('Name an address, a domain or a mailbox.')
  const opened = await openEngine({ build: options.build, resolvers: options.resolvers })
  if (!opened.ok) return refuse(failureLine(opened.failure))

  const interrupted = watchInterrupts(stop)
  const tell = progressOn(process.stderr)
  const events = opened.value.lookOnBlacklists(options.targets, stop.signal)
  let step = await events.next()
  while (step.done !== true) {
    tell(step.value)
    step = await events.next()
  }
  tell(null)
  const result = step.value
  if (result.ok) await write(result.value)
  await opened.value.stop()
  await stdout.flush()
  interrupted.end()
  if (interrupted.code() !== null) return interrupted.code() ?? exitCodes.interrupted
  if (stdout.gone()) return exitCodes.readerGone
  if (result.ok) return blacklistExitCode(result.value)
  const isUsage = result.failure.code.startsWith('domain-') || result.failure.code === 'invalid-input'
  return refuse(
    printable(`${inputOf(result.failure.detail)}${failureLine(result.failure)}`),
    isUsage ? exitCodes.usage : exitCodes.incomplete,
  )

  async function write(report: BlacklistReport): Promise<void> {
    const style = {
      paint: paintFor(process.stdout),
      width: Math.min(process.stdout.columns ?? mostColumns, mostColumns),
    }
    for (const target of report.targets) {
      await stdout.write(options.json ? jsonLine(blacklistRecord(target)) : blacklistTable(target, style))
    }
  }
}

function inputOf(detail: Readonly<Record<string, unknown>>): string {
  return typeof detail.input === 'string' ? `${detail.input}: ` : ''
}

/** One line on a terminal that says how far the look is. */
function progressOn(stream: NodeJS.WriteStream): (event: BlacklistEvent | null) => void {
  if (!stream.isTTY) return () => undefined
  return event => {
    const text = event?.kind === 'checked' ? `${event.done} of ${event.total} answers` : ''
    stream.write(`\r\u001b[2K${text}`)
  }
}
