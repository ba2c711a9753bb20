import type { BlacklistReport } from '#shared/model/blacklist.ts'
import { type ReportView, useReport } from '../../client/use-report.ts'

/** The stored blacklist report of a domain, and a look that can be started. `version` changes when another look ended. */
export function useBlacklists(
  id: string,
  version: string,
): ReportView<BlacklistReport, { done: number; total: number }> {
  return useReport(
    { id, version },
    {
      stored: (client, id) => client.blacklists.report({ id }),
      look: (client, id, signal) => client.blacklists.check({ id }, { signal }),
      first: () => ({ done: 0, total: 0 }),
      next: (_, event) => ({ done: event.kind === 'checked' ? event.done : 0, total: event.total }),
    },
  )
}
