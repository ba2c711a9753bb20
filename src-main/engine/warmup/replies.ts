import { deepestThread } from './pool.ts'
import { normalOf, randomOf } from './random.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Half of all replies come within this time. */
const medianDelayMs = 40 * minuteMs
/** Of the normal deviate in the exponent: two thirds of the replies come between 15 minutes and 1 h 50 min. */
const sigma = 1
const leastDelayMs = 4 * minuteMs
const mostDelayMs = 20 * hourMs

/** An answer later than this would seem odd; it is left out, and the thread ends. */
export const replyStaleMs = 72 * hourMs

/**
 * Whether the message at `depth` (1 begins the thread) is answered, and how long the answer takes: log-normal, minutes to
 * hours. It is sent at the first slot of its writer after that, never outside one. Pure: one thread and depth, one answer.
 */
export function replyTo(input: {
  readonly seed: string
  readonly threadId: string
  readonly depth: number
  readonly replyRate: number
}): { readonly answers: false } | { readonly answers: true; readonly delayMs: number } {
  const random = randomOf(input.seed, 'reply', input.threadId, input.depth)
  if (input.depth >= deepestThread || random() >= input.replyRate) return { answers: false }
  const delayMs = Math.round(medianDelayMs * Math.exp(sigma * normalOf(random)))
  return { answers: true, delayMs: Math.min(mostDelayMs, Math.max(leastDelayMs, delayMs)) }
}

/** How long a message is looked at before it is marked read: 3 s and 200 words a minute, a little different each time. */
export function dwellMs(words: number, random: () => number): number {
  return Math.round((3_000 + (words / 200) * minuteMs) * (0.7 + 0.6 * random()))
}
