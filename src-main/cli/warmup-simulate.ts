import { poolReach } from '#engine/warmup/pool.ts'
import { isTimeZone } from '#engine/warmup/local-day.ts'
import { usualCaps } from '#engine/warmup/plan-day.ts'
import { rampDays } from '#engine/warmup/plan.ts'
import { type SimulatedDay, type SimulatedMailbox, simulateWarmup } from '#engine/warmup/simulate.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'
import type { WarmupStrategy } from '#shared/model/warmup.ts'
import { countOf } from '#shared/words/phrases.ts'
import { phaseWords, poolSentence, strategyWords } from '#shared/words/warmup.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { hanging, type Paint, paintFor } from './layout.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'

export type SimulateOptions = {
  readonly mailboxes: number
  readonly days: number
  readonly seed: string
  readonly strategy: Exclude<WarmupStrategy, 'custom'>
  readonly timeZones: readonly string[]
  readonly startDate: string
  readonly weekdaysOnly: boolean
  readonly json: boolean
}

const mailboxesPerDomain = 5
const leastDomains = 4
const providers = ['google', 'microsoft365', 'zoho', 'fastmail', 'other']
const dailyLimit = 50
const mostColumns = 100

/** Runs `rookery warmup simulate` and returns its exit code. Everything written has been handed over by then. */
export async function runSimulateVerb(options: SimulateOptions): Promise<number> {
  const { stop, stdout, stderr } = openOutputs()
  const unknown = options.timeZones.find(zone => !isTimeZone(zone))
  if (unknown !== undefined) {
    await stderr.write(
      `rookery: There is no time zone ${printable(unknown)}. Use a name such as Europe/Berlin.\n`,
    )
    return exitCodes.usage
  }
  const interrupted = watchInterrupts(stop)
  const mailboxes = poolFor(options)
  const days: SimulatedDay[] = []
  const { startDate, seed } = options
  for (const day of simulateWarmup({ mailboxes, startDate, days: options.days, seed, caps: usualCaps })) {
    if (stop.signal.aborted) break
    if (options.json) await stdout.write([...day.sends, ...day.mailboxes].map(jsonLine).join(''))
    else days.push(day)
    // An interrupt is told to us between two turns of the loop only.
    await new Promise(resolve => setImmediate(resolve))
  }
  if (!options.json) await stdout.write(summaryOf(days, mailboxes, options, paintFor(process.stdout)))
  await stdout.flush()
  interrupted.end()
  return interrupted.code() ?? (stdout.gone() ? exitCodes.readerGone : exitCodes.clean)
}

function poolFor({ mailboxes, strategy, timeZones, weekdaysOnly }: SimulateOptions): SimulatedMailbox[] {
  const domains = Math.max(Math.min(mailboxes, leastDomains), Math.ceil(mailboxes / mailboxesPerDomain))
  const weekdays = weekdaysOnly ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 7]
  return Array.from({ length: mailboxes }, (_, index) => {
    const domain = index % domains
    return {
      address: `mailbox-${index + 1}@domain-${domain + 1}.example`,
      provider: providers[domain % providers.length] ?? 'other',
      settings: { ...defaultSettings(strategy, timeZones[index % timeZones.length] ?? 'UTC'), weekdays },
      dailyLimit,
    }
  })
}

function summaryOf(
  days: readonly SimulatedDay[],
  mailboxes: readonly SimulatedMailbox[],
  { strategy, seed }: SimulateOptions,
  paint: Paint,
): string {
  const width = Math.min(process.stdout.columns ?? mostColumns, mostColumns)
  const settings = defaultSettings(strategy, 'UTC')
  const reach = poolReach(
    mailboxes.map(({ address, provider }) => ({ domain: address.split('@')[1] ?? '', provider })),
    settings,
  )
  const title = `${countOf(mailboxes.length, 'mailbox', 'mailboxes')}, ${strategyWords[strategy].name.toLowerCase()}: ${rampDays(settings)} days to ${settings.targetPerDay} a day. Seed ${printable(seed)}.`
  const head = 'Day  Date        Phase        Cap  Wanted  Planned  Threads  Replies'
  const rows = days.map(({ day, date, sends, mailboxes: ofDay }) => {
    const mean = (of: (one: SimulatedDay['mailboxes'][number]) => number) =>
      (ofDay.reduce((sum, one) => sum + of(one), 0) / Math.max(1, ofDay.length)).toFixed(1)
    const begun = sends.filter(({ kind }) => kind === 'new').length
    return [
      String(day).padStart(3),
      ` ${date}  `,
      phaseWords[ofDay[0]?.phase ?? 'ramp'].name.padEnd(11),
      mean(({ cap }) => cap).padStart(5),
      mean(({ wanted }) => wanted).padStart(7),
      mean(({ planned }) => planned).padStart(8),
      String(begun).padStart(8),
      String(sends.length - begun).padStart(8),
    ].join(' ')
  })
  const notes = reach.notes.map(note => hanging('• ', 2, poolSentence(note, reach), width))
  const total = days.reduce((sum, { sends }) => sum + sends.length, 0)
  const foot = `${countOf(total, 'message')} in ${countOf(days.length, 'day')}. Cap, wanted and planned are per mailbox on average.`
  return `${[paint('bold', title), ...notes, '', paint('dim', head), ...rows, '', foot].join('\n')}\n`
}
