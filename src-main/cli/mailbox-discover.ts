import { parseDomainName } from '#engine/domains/domain-name.ts'
import { discoverMailbox } from '#engine/mailboxes/discover.ts'
import { createDiscoverySearch } from '#engine/mailboxes/discovery/search.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createOutside } from '#engine/net/outside.ts'
import { createResolver } from '#engine/net/resolve.ts'
import { applyResolvers, normaliseResolvers } from '#engine/settings/resolvers.ts'
import { ok, type Result } from '#shared/failure.ts'
import { parseAddress } from '#shared/mail-auth/parse-address.ts'
import type { Discovery, DiscoveryEvent } from '#shared/model/discovery.ts'
import { failureLine } from '#shared/words/failures.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { paintFor } from './layout.ts'
import type { MailboxDiscoverFlags } from './mailbox-discover-command.ts'
import { discoveryRecord, discoveryReport } from './mailbox-discover-report.ts'
import { type ChosenSource, chooseSource } from './open-source.ts'
import { openOutputs } from './output.ts'
import { jsonLine } from './printable.ts'

const mostColumns = 100

type Search = AsyncGenerator<DiscoveryEvent, Result<Discovery>, void>

/** Runs `rookery mailbox discover` and returns its exit code. */
export async function runMailboxDiscoverVerb(typed: string, flags: MailboxDiscoverFlags): Promise<number> {
  const { stop, stdout, refuse } = openOutputs()
  const chosen = await chooseSource(flags, process.stdin)
  if (chosen.kind === 'refused') return refuse(chosen.why)
  const resolvers = normaliseResolvers(flags.resolver ?? [])
  if (!resolvers.ok) return refuse(failureLine(resolvers.failure))

  const interrupted = watchInterrupts(stop)
  try {
    const found = await lastOf(search(typed, chosen, flags, resolvers.value, stop.signal))
    if (interrupted.code() !== null) return interrupted.code() ?? exitCodes.interrupted
    if (!found.ok) return stdout.gone() ? exitCodes.readerGone : await refuse(failureLine(found.failure))
    const style = {
      paint: paintFor(process.stdout),
      width: Math.min(process.stdout.columns ?? mostColumns, mostColumns),
    }
    await stdout.write(
      flags.json === true ? jsonLine(discoveryRecord(found.value)) : discoveryReport(found.value, style),
    )
    await stdout.flush()
    return stdout.gone() ? exitCodes.readerGone : exitCodeOf(found.value)
  } finally {
    interrupted.end()
  }
}

/** By the network, or from files without opening a socket. */
async function* search(
  typed: string,
  chosen: Exclude<ChosenSource, { kind: 'refused' }>,
  { https, probe }: MailboxDiscoverFlags,
  resolvers: readonly string[],
  signal: AbortSignal,
): Search {
  if (chosen.kind === 'offline') {
    const address = parseAddress(typed, parseDomainName)
    if (!address.ok) return address
    const { ask } = chosen.source.sourceFor(address.value.domain)
    return ok(yield* discoverMailbox(address.value, { ask, fetchHttps: null, probe: null, signal }))
  }
  const networkLog = createNetworkLog({ now: Date.now })
  const resolver = createResolver({ networkLog, now: Date.now })
  applyResolvers(resolver, resolvers)
  const outside = createOutside({ networkLog, now: Date.now })
  const { find } = createDiscoverySearch({ resolver, networkLog, outside, readDomain: parseDomainName })
  try {
    return yield* find(typed, { signal, https, probes: probe })
  } finally {
    resolver.close()
  }
}

async function lastOf(stream: Search): Promise<Result<Discovery>> {
  let step = await stream.next()
  while (step.done !== true) step = await stream.next()
  return step.value
}

function exitCodeOf({ chosen, candidates, sources }: Discovery): number {
  if (chosen !== null) return exitCodes.clean
  const isOpen = candidates.length === 0 && sources.some(({ state }) => state === 'unavailable')
  return isOpen ? exitCodes.incomplete : exitCodes.findings
}
