import { checkHost } from '#engine/domains/check-host/check-host.ts'
import { ok, type Result } from '#shared/failure.ts'
import { readIpAddress } from '#shared/mail-auth/ip-range.ts'
import type { CheckHostResult } from '#shared/model/check-host.ts'
import { failureLine } from '#shared/words/failures.ts'
import { humanCheckHost } from './check-host-report.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { paintFor } from './layout.ts'
import { type CliEngine, openEngine } from './open-engine.ts'
import { type ChosenSource, chooseSource } from './open-source.ts'
import { openOutputs } from './output.ts'
import { jsonLine } from './printable.ts'
import type { SourceFlags } from './source-options.ts'

export type CheckHostOptions = {
  readonly ip: string
  readonly mailFrom: string
  readonly helo: string
  readonly source: SourceFlags
  readonly json: boolean
  readonly build: string
}

/** Lines longer than this are hard to read, and a pipe has no width of its own. */
const mostColumns = 100

/** Runs `rookery check-host` and returns its exit code. */
export async function runCheckHostVerb(options: CheckHostOptions): Promise<number> {
  const { stop, stdout, refuse } = openOutputs()

  const { ip, mailFrom, helo } = options
  if (readIpAddress(ip) === null) {
    return refuse(
      `--ip ${jsonLine(ip).trimEnd()} is not an IP address. Give one such as 192.0.2.1 or 2001:db8::1.`,
    )
  }
  const chosen = await chooseSource(options.source, process.stdin)
  if (chosen.kind === 'refused') return refuse(chosen.why)
  const opened = await openEvaluator(chosen, options)
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const interrupted = watchInterrupts(stop)
  try {
    const answer = await opened.value.checkHost({ ip, mailFrom, helo }, { signal: stop.signal })
    if (!answer.ok) {
      if (interrupted.code() !== null) return interrupted.code() ?? exitCodes.interrupted
      return stdout.gone() ? exitCodes.readerGone : await refuse(failureLine(answer.failure))
    }
    const style = {
      paint: paintFor(process.stdout),
      width: Math.min(process.stdout.columns ?? mostColumns, mostColumns),
    }
    await stdout.write(
      options.json ? jsonLine(checkHostRecord(answer.value)) : humanCheckHost(answer.value, style),
    )
    await stdout.flush()
    return answer.value.result === 'temperror' ? exitCodes.incomplete : exitCodes.clean
  } finally {
    await opened.value.stop()
    interrupted.end()
  }
}

type Evaluator = Pick<CliEngine, 'checkHost' | 'stop'>

/** The network's evaluator, or one that reads files and opens no socket. */
async function openEvaluator(chosen: ChosenSource, options: CheckHostOptions): Promise<Result<Evaluator>> {
  if (chosen.kind !== 'offline')
    return openEngine({ build: options.build, resolvers: options.source.resolver ?? [] })
  const { source } = chosen
  return ok({
    checkHost: async input => {
      const domain = input.mailFrom.slice(input.mailFrom.lastIndexOf('@') + 1) || input.helo
      return ok(await checkHost({ ...input, now: Date.now() }, source.sourceFor(domain.toLowerCase()).ask))
    },
    stop: async () => {},
  })
}

/** What `--json` prints; docs/cli.md is its reference. */
function checkHostRecord({ result, explanation, lookups, voidLookups, matched }: CheckHostResult): object {
  return { result, explanation, lookups, voidLookups, matched }
}
