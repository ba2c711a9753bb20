import type { WarmupActivity } from '#shared/model/warmup-view.ts'
import { activityTones, describeWarmupActivity } from '#shared/words/warmup-activity.ts'
import { exactTime, timeOfDay } from '#shared/words/times.ts'
import { CircleAlert, CircleCheck, CircleX, Dot } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { failureText } from '../../frame/failures.ts'
import type { Activity } from './use-activity.ts'

const looks = {
  pass: { icon: CircleCheck, ink: 'text-pass' },
  warn: { icon: CircleAlert, ink: 'text-warn' },
  fail: { icon: CircleX, ink: 'text-fail' },
  neutral: { icon: Dot, ink: 'text-ink-faint' },
} as const

type ActivityListProps = {
  activity: Activity
  /** Whether the mailbox is named, where there are several. */
  withMailbox: boolean
  /** h3 where it stands within a section of its own. */
  level?: 2 | 3
  /** What stands there while there is nothing, where the list has a screen to itself. */
  empty?: ReactNode
}

/** What happened, newest first, a heading for each day. */
export function ActivityList({ activity, withMailbox, level = 2, empty }: ActivityListProps) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const { entries, failure, isAway, again } = activity
  if (entries === null && failure)
    return (
      <Notice
        tone="fail"
        title="The activity could not be read"
        action={<Button onPress={again}>Try again</Button>}
      >
        {failureText(failure)}
      </Notice>
    )
  if (entries === null)
    return isAway ? (
      <p className="text-ink-soft">Read when the engine can be reached.</p>
    ) : (
      <Loading label="Loading the activity" className="p-4" />
    )
  if (entries.length === 0) return empty ?? <p className="text-ink-soft">Nothing has happened yet.</p>
  return (
    <div className="flex flex-col">
      {daysOf(entries).map(({ day, entries }) => (
        <section key={day} aria-label={day}>
          <Heading className="border-b border-line pt-3 pb-1.5 text-meta font-medium text-ink-soft">
            {day}
          </Heading>
          <ol>
            {entries.map(entry => (
              <Entry key={entry.id} entry={entry} withMailbox={withMailbox} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Entry({ entry, withMailbox }: { entry: WarmupActivity; withMailbox: boolean }) {
  const { title, evidence } = describeWarmupActivity(entry)
  const { icon: Icon, ink } = looks[activityTones[entry.code]]
  return (
    <li className="flex items-start gap-3 border-b border-line py-1.5 last:border-0">
      <time
        dateTime={new Date(entry.at).toISOString()}
        title={exactTime(entry.at)}
        className="w-11 shrink-0 text-ink-soft tabular-nums"
      >
        {timeOfDay(entry.at)}
      </time>
      <Icon aria-hidden size={15} className={`mt-[3px] shrink-0 ${ink}`} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="[overflow-wrap:anywhere]">{title}</span>
        {evidence !== null && (
          <code className="font-mono text-meta text-ink-soft [overflow-wrap:anywhere]">{evidence}</code>
        )}
      </span>
      {withMailbox && (
        <Link
          to={`/warmup/mailbox/${entry.mailboxId}`}
          title={entry.address}
          className="w-60 shrink-0 truncate text-ink-soft hover:text-ink hover:underline"
        >
          {entry.address}
        </Link>
      )}
    </li>
  )
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })

function daysOf(entries: readonly WarmupActivity[]): { day: string; entries: WarmupActivity[] }[] {
  const days: { day: string; entries: WarmupActivity[] }[] = []
  for (const entry of entries) {
    const day = dayFormat.format(entry.at)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
