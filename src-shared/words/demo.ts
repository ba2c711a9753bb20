import { countOf } from './phrases.ts'

/** What the demo says about itself and its time. */
export const demoWords = {
  title: 'Demo workspace',
  about: 'Made-up domains; no mail leaves this program.',
  back: 'Back to your own domains',
  region: 'Time of the demo',
  now: 'In the demo it is',
  play: 'Play a month',
  playAgain: 'Play another month',
  goOn: 'Play on',
  pause: 'Pause time',
  speedLabel: 'Speed of the demo',
  speed: (msPerDay: number) => `A day in ${countOf(msPerDay / 1_000, 'second')}`,
  progress: 'Days played',
  played: (days: number) => `${countOf(days, 'day')} played`,
} as const
