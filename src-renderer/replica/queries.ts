import { useLiveQuery } from 'dexie-react-hooks'
import { type AlertRow, replica } from './database.ts'

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
