import { useLiveQuery } from 'dexie-react-hooks'
import { type DomainRow, openReplica, type Replica } from './database.ts'

/** The one replica of this window. */
export const replica: Replica = openReplica()

export function useDomain(id: string): DomainRow | null | undefined {
  return useLiveQuery(async () => (await replica.domains.get(id)) ?? null, [id])
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

export function useSettings() {
  return useLiveQuery(() => replica.settings.get('settings'), [])
}

/** True once the replica holds a full reading of the store; undefined while that is not known. */
export function useReplicaReady(): boolean | undefined {
  return useLiveQuery(async () => ((await replica.state.get('state'))?.seq ?? null) !== null, [])
}
