import type {
  Confidence,
  ReputationCode,
  ReputationInput,
  ReputationScore,
  Trend,
} from '../model/reputation.ts'
import { countOf, factText, type Facts } from './phrases.ts'

/** Why points were lost, one sentence each. */
export const reputationWords: Record<ReputationCode, (facts: Facts) => string> = {
  bounces: facts =>
    `${factText(facts, 'count', 'Some')} of ${factText(facts, 'of', 'the')} messages came back (${factText(facts, 'percent', '?')} %).`,
  complaints: facts =>
    `${factText(facts, 'count', 'Some')} of ${factText(facts, 'of', 'the')} messages were marked as spam by their readers.`,
  listed: facts => `The blacklist ${factText(facts, 'list', 'of another')} names the domain or its address.`,
  'spf-failing': () => 'SPF does not pass.',
  'dkim-failing': () => 'DKIM does not pass.',
  'dmarc-failing': () => 'DMARC does not pass.',
  placement: facts =>
    `${factText(facts, 'count', 'Some')} of ${factText(facts, 'of', 'the')} messages did not land in the inbox.`,
}

export const confidenceWords: Record<Confidence, string> = {
  low: 'Little is known yet; the number may change a lot.',
  medium: 'Enough is known for a fair picture.',
  high: 'The number rests on many messages.',
}

export const reputationInputWords: Record<ReputationInput, string> = {
  bounces: 'no message was sent in 28 days',
  complaints: 'no complaint could have come',
  placement: 'nobody looked where messages land',
  listings: 'the blacklists could not be asked',
  authentication: 'SPF, DKIM or DMARC could not be looked up',
}

export const trendWords: Record<Trend['direction'], string> = {
  rising: 'Rising',
  falling: 'Falling',
  steady: 'Steady',
  unknown: 'No trend yet',
}

/** What stands beside a grey ring. */
export function tooLittleKnown({ messagesMissing }: Extract<ReputationScore, { state: 'unknown' }>): string {
  return messagesMissing === 0
    ? 'Too little is known for a score.'
    : `Too little is known for a score; ${countOf(messagesMissing, 'more message', 'more messages')} will do.`
}
