import type { DemoTime } from '#shared/model/demo.ts'
import { demoDayMs, demoMonthDays } from '#shared/model/demo-values.ts'
import { demoWords } from '#shared/words/demo.ts'
import { exactTime } from '#shared/words/times.ts'
import { CalendarClock, FastForward, Pause } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Select } from '../../ui/select.tsx'
import { tellFailure } from './failures.ts'
import { useDemoTime } from './use-demo-time.ts'
import { useNow } from './use-now.ts'

const dayMs = 24 * 60 * 60_000
const speeds = [4_000, demoDayMs.usual, 1_000].map(ms => ({ id: String(ms), label: demoWords.speed(ms) }))

/** What day it is in the demo, and how to let a month pass. */
export function DemoTimeControl() {
  const time = useDemoTime()
  return time === null ? null : <Control time={time} />
}

function Control({ time }: { time: DemoTime }) {
  const client = useClient()
  const now = useNow()
  const [speed, setSpeed] = useState(String(time.msPerDay))
  const { played, isPlaying } = time
  const isLeft = played !== null && played.untilAt > now
  const play = (days: number | null, msPerDay = speed) =>
    void client.demo.play({ days, msPerDay: Number(msPerDay) }).then(result => {
      if (!result.ok) tellFailure(result.failure)
    })
  return (
    <section
      aria-label={demoWords.region}
      className="flex flex-1 items-center gap-3 @max-[960px]:order-last @max-[960px]:basis-full"
    >
      <span className="flex items-center gap-1.5 whitespace-nowrap tabular-nums">
        <CalendarClock aria-hidden size={16} className="mr-1.5 text-ink-soft" />
        <span className="sr-only">{demoWords.now}</span>
        <time dateTime={new Date(now).toISOString()} className="min-w-31">
          {exactTime(now)}
        </time>
      </span>
      <div className="min-w-20 flex-1">
        {played !== null && <Played played={played} now={time.now} isPlaying={isPlaying} />}
      </div>
      <Select
        label={demoWords.speedLabel}
        hideLabel
        options={speeds}
        value={speed}
        onChange={id => {
          setSpeed(id)
          if (isPlaying) play(null, id)
        }}
      />
      {isPlaying ? (
        <Button onPress={() => void client.demo.pause()}>
          <Pause aria-hidden />
          {demoWords.pause}
        </Button>
      ) : (
        <Button onPress={() => play(isLeft ? null : demoMonthDays)}>
          <FastForward aria-hidden />
          {isLeft ? demoWords.goOn : played === null ? demoWords.play : demoWords.playAgain}
        </Button>
      )}
    </section>
  )
}

type PlayedProps = { played: NonNullable<DemoTime['played']>; now: number; isPlaying: boolean }

/** How much of the month has passed. */
function Played({ played: { fromAt, untilAt }, now, isPlaying }: PlayedProps) {
  const total = Math.round((untilAt - fromAt) / dayMs)
  const done = Math.max(0, Math.min(total, Math.floor((now - fromAt) / dayMs)))
  if (!isPlaying && done >= total) return <p className="truncate text-ink-soft">{demoWords.played(total)}</p>
  return <Progress label={demoWords.progress} done={done} total={total} />
}
