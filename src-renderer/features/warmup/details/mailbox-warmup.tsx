import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { countOf } from '#shared/words/phrases.ts'
import { Flame } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useConnectionState } from '../../../client/engine.tsx'
import type { MailboxRow } from '../../../replica/database.ts'
import { useReplicaReady } from '../../../replica/domains.ts'
import { useMailbox } from '../../../replica/mailboxes.ts'
import { useWarmupRow } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { failureText } from '../../frame/failures.ts'
import { ListedPage } from '../../frame/listed-page.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { ActivityList } from '../activity/activity-list.tsx'
import { useActivity } from '../activity/use-activity.ts'
import { DecisionDialog } from '../decision.tsx'
import { StartDialog } from '../list/start-dialog.tsx'
import { PlacementMatrix } from '../placement/placement-matrix.tsx'
import { SettingsPanel } from '../settings/settings-panel.tsx'
import { useCall } from '../../../client/use-call.ts'
import { CampaignPanel } from './campaign-panel.tsx'
import { Header } from './header.tsx'
import { PlacementSection, VolumeSection } from './sections.tsx'
import { ScorePanel } from './score-panel.tsx'
import { Milestones, TodayPanel } from './today-panel.tsx'

const lastEntries = 8

/** The warmup of one mailbox: where it stands and why, what was planned and what came of it, what is to come. */
export function MailboxWarmup({ id }: { id: string }) {
  const row = useWarmupRow(id)
  const mailbox = useMailbox(id)
  const isReady = useReplicaReady()
  if (row) return <Details row={row} dailyLimit={mailbox?.dailyLimit ?? null} />
  return (
    <ListedPage
      thing={row === undefined || !isReady ? undefined : mailbox}
      what="mailbox"
      parent={lists.warmup}
      title="Warmup of a mailbox"
      label="Loading the warmup"
    >
      {known => <NotInWarmup mailbox={known} />}
    </ListedPage>
  )
}

function NotInWarmup({ mailbox }: { mailbox: MailboxRow }) {
  const [, go] = useLocation()
  const [isStarting, setStarting] = useState(false)
  return (
    <Page title={mailbox.address} parent={lists.warmup}>
      <EmptyState
        drawing="nest"
        title="Not in warmup"
        action={
          <>
            <Button kind="primary" onPress={() => setStarting(true)}>
              <Flame aria-hidden />
              Start warmup
            </Button>
            <Button onPress={() => go(`/mailboxes/${mailbox.id}`)}>Go to the mailbox</Button>
          </>
        }
      >
        This mailbox does not write to the others, and they do not write to it.
      </EmptyState>
      {isStarting && <StartDialog mailboxes={[mailbox]} onClose={() => setStarting(false)} />}
    </Page>
  )
}

/** `dailyLimit` is null until the mailbox is known. */
function Details({ row, dailyLimit }: { row: WarmupRow; dailyLimit: number | null }) {
  const { id } = row
  const [isChanging, setChanging] = useState(false)
  const isAway = useConnectionState().kind !== 'open'
  const version = JSON.stringify(row)
  const {
    value: details,
    failure,
    again,
  } = useCall(`${id} ${version}`, client => client.warmup.details({ id }))
  const { value: cells } = useCall(`${id} ${row.placed}`, client => client.warmup.placements({ id }))
  const activity = useActivity({ id, group: 'all', limit: lastEntries, version })
  return (
    <Page title={row.address} parent={lists.warmup}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1200px] flex-col gap-8 px-6 py-6">
          <Header row={row} details={details} onSettings={() => setChanging(true)} />
          {failure && (
            <Notice
              tone="fail"
              title="The rest of this page could not be loaded"
              action={<Button onPress={again}>Try again</Button>}
            >
              {failureText(failure)}
            </Notice>
          )}
          {details === null ? (
            !failure && (
              <div role="status" aria-label="Loading the days" className="flex justify-center p-12">
                {isAway ? (
                  <p className="text-ink-soft">The days come when the engine can be reached.</p>
                ) : (
                  <Spinner />
                )}
              </div>
            )
          ) : (
            <>
              <VolumeSection details={details} />
              <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_320px]">
                <div className="flex min-w-0 flex-col gap-8">
                  <PlacementSection details={details} />
                  <ScorePanel details={details} />
                </div>
                <div className="flex min-w-0 flex-col gap-8">
                  <TodayPanel details={details} />
                  {dailyLimit !== null && (
                    <CampaignPanel key={row.campaign.perDay} row={row} dailyLimit={dailyLimit} />
                  )}
                  <Milestones details={details} />
                </div>
              </div>
              <section aria-labelledby="by-provider" className="flex flex-col gap-3">
                <h2 id="by-provider" className="text-section font-semibold">
                  Placement by provider
                </h2>
                <PlacementMatrix cells={cells} />
              </section>
            </>
          )}
          <section aria-labelledby="activity" className="flex flex-col gap-2">
            <div className="flex items-center gap-4">
              <h2 id="activity" className="flex-1 text-section font-semibold">
                What happened
              </h2>
              <Link
                to={`/warmup/activity/${id}`}
                className="rounded-control font-medium text-accent-ink hover:underline"
              >
                All of it
              </Link>
            </div>
            <ActivityList activity={activity} withMailbox={false} level={3} />
          </section>
          {details && details.templates > 0 && (
            <p className="text-ink-soft">
              Writes from{' '}
              <Link to="/warmup/texts" className="text-accent-ink hover:underline">
                {countOf(details.templates, 'text')} of your own
              </Link>
              .
            </p>
          )}
        </div>
      </div>
      <SettingsPanel
        key={String(isChanging)}
        row={row}
        settings={details?.settings ?? null}
        isOpen={isChanging}
        onClose={() => setChanging(false)}
      />
      <DecisionDialog />
    </Page>
  )
}
