import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { partnerReasonSentences } from '#shared/words/partners.ts'
import { ClipboardPaste, Handshake } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useConnectionState } from '../../../client/engine.tsx'
import { useReplicaReady } from '../../../replica/domains.ts'
import { usePartners } from '../../../replica/partners.ts'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { WarmupPage } from '../warmup-page.tsx'
import { ChangePanel } from './change-panel.tsx'
import { InvitePanel } from './invite-panel.tsx'
import { PartnerCard } from './partner-card.tsx'
import { TakePanel } from './take-panel.tsx'

type Open = { kind: 'invite' } | { kind: 'take' } | { kind: 'change'; id: string } | null

/** Other people's mailboxes that warm up with ours: agreements, how they stand, and the ways to make one. */
export function PartnersScreen() {
  const partners = usePartners()
  const unsorted = useWarmupRows()
  const rows = useMemo(
    () => unsorted?.toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1)),
    [unsorted],
  )
  const isReady = useReplicaReady()
  const isOpen = useConnectionState().kind === 'open'
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const addressOf = new Map(rows?.map(({ id, address }) => [id, address]))
  const changed = open?.kind === 'change' ? partners?.find(({ id }) => id === open.id) : undefined
  const actions = rows !== undefined && rows.length > 0 && (
    <>
      <Button isDisabled={!isOpen} onPress={() => setOpen({ kind: 'take' })}>
        <ClipboardPaste aria-hidden />
        Take a text
      </Button>
      <Button kind="primary" isDisabled={!isOpen} onPress={() => setOpen({ kind: 'invite' })}>
        <Handshake aria-hidden />
        Invite a partner
      </Button>
    </>
  )
  return (
    <WarmupPage action={partners?.length ? actions : undefined}>
      <div className="scroll-quiet flex min-h-0 flex-1 flex-col">
        {partners === undefined || rows === undefined || (partners.length === 0 && isOpen && !isReady) ? (
          <Loading label="Loading the partners" />
        ) : partners.length === 0 ? (
          <Empty rows={rows} actions={actions} />
        ) : (
          <div className="mx-auto flex w-full max-w-[1200px] flex-col gap-4 px-6 py-6">
            <p className="text-ink-soft">{partnerReasonSentences[1]}</p>
            {partners.map(partner => (
              <PartnerCard
                key={partner.id}
                partner={partner}
                ours={partner.ours.flatMap(id => addressOf.get(id) ?? [])}
                onChange={() => setOpen({ kind: 'change', id: partner.id })}
              />
            ))}
          </div>
        )}
      </div>
      {open?.kind === 'invite' && rows && <InvitePanel rows={rows} onClose={close} />}
      {open?.kind === 'take' && rows && <TakePanel rows={rows} onClose={close} />}
      {changed && rows && <ChangePanel partner={changed} rows={rows} onClose={close} />}
    </WarmupPage>
  )
}

function Empty({ rows, actions }: { rows: readonly WarmupRow[]; actions: React.ReactNode }) {
  const [, go] = useLocation()
  const [why, shared] = partnerReasonSentences
  if (rows.length === 0)
    return (
      <EmptyState
        drawing="nest"
        title="First some mailboxes of your own"
        action={
          <Button kind="primary" onPress={() => go('/warmup')}>
            Start warmup
          </Button>
        }
      >
        Partners warm up with mailboxes of yours that are in warmup. There are none yet.
      </EmptyState>
    )
  return (
    <EmptyState drawing="nest" title="Warm up together with people you know" action={actions}>
      {why}
      <span className="mt-3 block">{shared}</span>
    </EmptyState>
  )
}
