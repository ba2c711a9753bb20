import type { WarmupStrategy } from '#shared/model/warmup.ts'
import { type RampStrategy, rampStrategies } from '#shared/warmup-ramps.ts'
import { strategyWords } from '#shared/words/warmup.ts'
import type { CardOption } from '../../../ui/option-cards.tsx'

const cardOf = <Strategy extends WarmupStrategy>(id: Strategy): CardOption<Strategy> => {
  const { name, gloss } = strategyWords[id]
  return { id, title: name, text: gloss }
}

/** The ramps to choose from. */
export const rampCards: readonly CardOption<RampStrategy>[] = rampStrategies.map(id => cardOf(id))
/** The ramps, and the table of one's own. */
export const strategyCards: readonly CardOption<WarmupStrategy>[] = [...rampCards, cardOf('custom')]
