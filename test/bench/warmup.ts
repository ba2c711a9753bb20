import { type PlannedMailbox, planDay, usualCaps } from '#engine/warmup/plan-day.ts'
import { simulateWarmup } from '#engine/warmup/simulate.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'
import { type Figure, median } from './figure.ts'

const rounds = 5
const plannedMailboxes = 10_000
const simulated = { mailboxes: 50, days: 90 }
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney']
const providers = ['google', 'microsoft365', 'zoho', 'fastmail', 'other']

/** The pure core of warmup: a day of a very large pool, and a quarter of a usual one. */
export function benchWarmup(): Figure[] {
  const mailboxes = Array.from({ length: plannedMailboxes }, (_, index) => plannedMailbox(index))
  const planTimes: number[] = []
  let messages = 0
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    // Another date each round: the first of each builds its local days anew, as it is in use.
    const plans = planDay({ mailboxes, date: `2026-04-0${round + 1}`, seed: 'bench', caps: usualCaps })
    planTimes.push(performance.now() - startedAt)
    messages = plans.reduce((sum, { slots }) => sum + slots.length, 0)
  }
  const startedAt = performance.now()
  let sends = 0
  for (const day of simulateWarmup({
    mailboxes: Array.from({ length: simulated.mailboxes }, (_, index) => simulatedMailbox(index)),
    startDate: '2026-03-01',
    days: simulated.days,
    seed: 'bench',
    caps: usualCaps,
  })) {
    sends += day.sends.length
  }
  const simulatedMs = performance.now() - startedAt
  return [
    {
      name: `planning a day for ${plannedMailboxes.toLocaleString('en')} mailboxes`,
      measured: median(planTimes),
      unit: 'ms',
      target: 1_000,
      better: 'less',
      note: `median of ${rounds}; ${messages.toLocaleString('en')} messages`,
    },
    {
      name: `playing ${simulated.mailboxes} mailboxes for ${simulated.days} days`,
      measured: simulatedMs,
      unit: 'ms',
      target: 5_000,
      better: 'less',
      note: `once; ${sends.toLocaleString('en')} messages`,
    },
  ]
}

function plannedMailbox(index: number): PlannedMailbox {
  const { address, ...mailbox } = simulatedMailbox(index)
  return {
    ...mailbox,
    id: address,
    domain: address.slice(address.indexOf('@') + 1),
    warmupDay: 1 + (index % 30),
    ready: false,
    factor: 1,
    campaignToday: index % 10,
    recentThreads: 0,
    openReplies: 0,
  }
}

function simulatedMailbox(index: number) {
  return {
    address: `mailbox-${index}@domain-${Math.floor(index / 5)}.example`,
    provider: providers[index % providers.length] ?? 'other',
    settings: defaultSettings('conservative', zones[index % zones.length] ?? 'UTC'),
    dailyLimit: 50,
  }
}
