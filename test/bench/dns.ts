import { startDeadline } from '#engine/net/deadline.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createResolver } from '#engine/net/resolve.ts'
import { type Nsd, startNsd } from '../helpers/nsd.ts'
import { findOrInstallDnsperf } from '../helpers/system-packages.ts'
import { domainName, zonesOf } from './domains.ts'
import { dnsperf, dnsperfInFlight } from './dnsperf.ts'
import { type Figure, median, type Missing } from './figure.ts'

const rounds = 5
const domains = 200
const questions = 20_000
const inFlight = 200
const dnsperfSeconds = 2

/** Against a real NSD on this machine: how many questions a second the resolver alone asks. */
export async function benchDns(say: (line: string) => void): Promise<(Figure | Missing)[]> {
  const nsd = await startNsd({ zones: zonesOf(domains) })
  if (nsd === null) return [{ name: 'questions a second', why: 'NSD is not installed' }]
  try {
    const whyNoDnsperf = await findOrInstallDnsperf(say)
    const asked = Array.from({ length: questions }, (_, index) => `${questionName(index)} TXT`)
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < rounds; round++) {
      ours.push(await askMany(nsd))
      const perSecond = whyNoDnsperf === null ? await dnsperf(nsd, asked, dnsperfSeconds) : null
      if (perSecond !== null) theirs.push(perSecond)
    }
    const name = 'the same by dnsperf'
    return [
      {
        name: `questions a second, ${inFlight} in flight`,
        measured: median(ours),
        unit: '/s',
        target: null,
        better: 'more',
        note: `median of ${rounds} times ${questions.toLocaleString('en')} to a local NSD`,
      },
      whyNoDnsperf === null
        ? {
            name,
            measured: median(theirs),
            unit: '/s',
            target: null,
            better: 'more',
            note: `${(median(theirs) / median(ours)).toFixed(1)} times ours; one thread, one socket, ${dnsperfInFlight} in flight`,
          }
        : { name, why: whyNoDnsperf },
    ]
  } finally {
    await nsd.stop()
  }
}

async function askMany({ host, port }: Nsd): Promise<number> {
  const networkLog = createNetworkLog({ now: Date.now })
  const resolver = createResolver({ networkLog, servers: [{ host, port }] })
  const deadline = startDeadline(60_000)
  let next = 0
  const lane = async () => {
    while (next < questions) {
      const name = questionName(next++)
      const answer = await resolver.lookup(name, 'TXT', { deadline, purpose: 'audit', fresh: true })
      if (answer.state === 'unavailable') throw new Error(`${name}: ${answer.reason}`)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, lane))
  const perSecond = questions / ((performance.now() - startedAt) / 1_000)
  deadline.end()
  resolver.close()
  return perSecond
}

/** Names of their own, so that no two questions in flight are one. */
const questionName = (index: number) => `n${index}.${domainName(index % domains)}`
