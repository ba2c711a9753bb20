import { useLiveQuery } from 'dexie-react-hooks'
import { type AlertRow, type DomainRow, openReplica, type Replica } from './database.ts'

/** The one replica of this window. */
export const replica: Replica = openReplica()

export function useDomain(id: string): DomainRow | null | undefined {
  return useLiveQuery(async () => (await replica.domains.get(id)) ?? null, [id])
}

/** The domain of this name in A-labels; null when it is not on the list. */
export function useDomainNamed(name: string): DomainRow | null | undefined {
  return useLiveQuery(
    async () => (await replica.domains.filter(domain => domain.name === name).first()) ?? null,
    [name],
  )
}

export function useDomainCounts() {
  return useLiveQuery(async () => {
    const [all, failed, pending, verified] = await Promise.all([
      replica.domains.count(),
      replica.domains.where('sortStatus').equals(0).count(),
      replica.domains.where('sortStatus').equals(1).count(),
      replica.domains.where('sortStatus').equals(2).count(),
    ])
    return { all, failed, pending, verified }
  }, [])
}

export function useTags(): string[] {
  return useLiveQuery(async () => (await replica.domains.orderBy('tags').uniqueKeys()) as string[], [], [])
}

/** What asks for a person now, worst first, then newest; with `resolved` what is over, newest first. */
export function useAlerts(which: 'standing' | 'resolved'): AlertRow[] | undefined {
  return useLiveQuery(async () => {
    const rows = await replica.alerts
      .where('isStanding')
      .equals(which === 'standing' ? 1 : 0)
      .toArray()
    return which === 'standing'
      ? rows.toSorted((a, b) => a.sortSeverity - b.sortSeverity || b.raisedAt - a.raisedAt)
      : rows.toSorted((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0))
  }, [which])
}

/** How many nobody has looked at yet. */
export function useOpenAlertCount(): number | undefined {
  return useLiveQuery(() => replica.alerts.where('state').equals('open').count(), [])
}

export function useSettings() {
  return useLiveQuery(() => replica.settings.get('settings'), [])
}

/** True once the replica holds a full reading of the store; undefined while that is not known. */
export function useReplicaReady(): boolean | undefined {
  return useLiveQuery(async () => ((await replica.state.get('state'))?.seq ?? null) !== null, [])
}
