import type { EngineStatus } from '#shared/model/host.ts'
import { countOf } from '#shared/words/phrases.ts'
import { timeOfDay, timeUntil } from '#shared/words/times.ts'
import type { VaultState } from '#shared/model/vault.ts'
import { vaultStateWords } from '#shared/words/vault.ts'
import {
  CircleCheck,
  CircleHelp,
  Cloud,
  CloudOff,
  Flame,
  LoaderCircle,
  Lock,
  LockOpen,
  Unplug,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useLocation } from 'wouter'
import type { ConnectionState } from '../../client/connection.ts'
import { useConnectionState } from '../../client/engine.tsx'
import { useNextWarmupSend } from '../../replica/warmup.ts'
import { useUnlock } from '../vault/unlock-state.ts'
import { SyncLight } from '../sync/sync-light.tsx'
import { useEngineStatus } from './use-engine-status.ts'
import { useNow } from './use-now.ts'

/** 24 px at the foot: what the engine does and whether the DNS can be reached. */
export function StatusBar() {
  const connection = useConnectionState()
  const status = useEngineStatus()
  const now = useNow()
  const nextSendAt = useNextWarmupSend()
  // The demo asks nobody.
  const isDemo = connection.kind === 'open' && connection.hello.host.workspace === 'demo'
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-t border-line bg-ice px-4 text-meta text-ink-soft tabular-nums [&_svg]:size-3.5">
      <output className="flex items-center gap-1.5">{engineWords(connection, status, now)}</output>
      {status && !isDemo && <span className="flex items-center gap-1.5">{networkWords(status.network)}</span>}
      {status && <VaultLight vault={status.vault} />}
      {typeof nextSendAt === 'number' && (
        <span className="flex items-center gap-1.5">
          <Flame className="text-ink-faint" />
          Next warmup message {timeOfDay(nextSendAt)}
        </span>
      )}
      <span className="flex-1" />
      <SyncLight />
    </footer>
  )
}

/** Nothing before there is a secret. One that is not open is a button: to unlock it, or to see why it cannot be. */
function VaultLight({ vault }: { vault: VaultState }) {
  const ask = useUnlock(state => state.ask)
  const [, go] = useLocation()
  const words = vaultStateWords[vault.state]
  if (vault.state === 'empty') return null
  if (vault.state === 'open')
    return (
      <span className="flex items-center gap-1.5">
        <LockOpen className="text-pass" />
        {words}
      </span>
    )
  const waiting = vault.waitingJobs > 0 ? `, ${countOf(vault.waitingJobs, 'task')} waiting` : ''
  return (
    <Button
      onPress={() => (vault.state === 'locked' ? ask() : go('/settings'))}
      className="flex cursor-default items-center gap-1.5 rounded-control px-1 hover:bg-hover hover:text-ink"
    >
      <Lock className="text-warn" />
      {`${words}${waiting}`}
    </Button>
  )
}

function engineWords(connection: ConnectionState, status: EngineStatus | null, now: number): ReactNode {
  switch (connection.kind) {
    case 'connecting':
      return busy('Reaching the engine')
    case 'away':
      return (
        <>
          <Unplug className="text-warn" />
          {`Engine away, next try ${timeUntil(connection.retryAt, now)}`}
        </>
      )
    case 'build-differs':
    case 'refused':
      return (
        <>
          <Unplug className="text-warn" />
          Not connected
        </>
      )
    case 'open': {
      const checks = (status?.checksRunning ?? 0) + (status?.checksQueued ?? 0)
      if (status && (checks > 0 || status.queriesInFlight > 0))
        return busy(
          checks > 0
            ? `Checking ${countOf(checks, 'domain')}, ${countOf(status.queriesInFlight, 'question')} under way`
            : `Busy, ${countOf(status.queriesInFlight, 'question')} under way`,
        )
      return (
        <>
          <CircleCheck className="text-pass" />
          Ready
        </>
      )
    }
  }
}

function busy(words: string): ReactNode {
  return (
    <>
      <LoaderCircle className="animate-spin text-ink-faint motion-reduce:animate-none" />
      {words}
    </>
  )
}

function networkWords(network: EngineStatus['network']): ReactNode {
  if (network === 'online')
    return (
      <>
        <Cloud className="text-pass" />
        DNS answers
      </>
    )
  if (network === 'offline')
    return (
      <>
        <CloudOff className="text-warn" />
        Offline: no DNS server answers
      </>
    )
  return (
    <>
      <CircleHelp className="text-unknown" />
      DNS not asked yet
    </>
  )
}
