import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runs } from '../helpers/command.ts'
import { dnsperfPlaces } from '../helpers/system-packages.ts'

export const dnsperfInFlight = 200
/** One thread and one socket, as the resolver is one thread of one process. */
const dnsperfFlags = ['-T', '1', '-c', '1', '-q', String(dnsperfInFlight)]

/** Asks the server for so many seconds, the questions (`name type`) over and over; null where dnsperf is not installed. */
export async function dnsperf(
  server: { host: string; port: number },
  questions: readonly string[],
  seconds: number,
): Promise<number | null> {
  const program = dnsperfPlaces.find(place => existsSync(place))
  if (program === undefined) return null
  const folder = await mkdtemp(join(tmpdir(), 'rookery-dnsperf-'))
  const file = join(folder, 'questions')
  await writeFile(file, `${questions.join('\n')}\n`)
  const at = ['-s', server.host, '-p', String(server.port), '-d', file, '-l', String(seconds)]
  const { output } = await runs([program, ...at, ...dnsperfFlags], seconds * 1_000 + 60_000)
  await rm(folder, { recursive: true, force: true })
  const perSecond = Number(/Queries per second:\s+([\d.]+)/.exec(output)?.[1])
  if (!Number.isFinite(perSecond)) throw new Error(`dnsperf told nothing: ${output}`)
  return perSecond
}
