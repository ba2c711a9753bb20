import { parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import type { Domain } from '#shared/model/domain.ts'
import { listOf } from '#shared/words/phrases.ts'
import { useLocation } from 'wouter'
import { Button } from '../../ui/button.tsx'
import { Drawing } from '../../ui/drawing.tsx'

/** How one comes by reports: where the record has them sent, and that they are opened or dropped here. */
export function EmptyReports({ domain, record }: { domain: Domain; record: string | null }) {
  const [, go] = useLocation()
  const addresses = addressesOf(record)
  return (
    <div className="flex flex-col items-center gap-4 rounded-card border border-dashed border-line-strong px-6 py-8 text-center">
      <Drawing name="nest" />
      <div className="max-w-xl">
        <h3 className="text-section font-semibold">No reports of this domain yet</h3>
        <p className="text-ink-soft">
          Receivers send a report a day about mail that carries the domain in From.{' '}
          {addresses.length > 0 ? (
            <>
              Your DMARC record has them sent to{' '}
              <span className="font-medium text-ink [overflow-wrap:anywhere]">
                {listOf(addresses, 2, 100)}
              </span>
              . Drop them here as they come (XML, gzip, ZIP or whole messages), or let Rookery read them from
              that mailbox.
            </>
          ) : (
            <>
              Your DMARC record does not ask for them: it needs an address for reports (rua). Publish one
              first; the first reports come a day later.
            </>
          )}
        </p>
      </div>
      {addresses.length === 0 && (
        <Button onPress={() => go(`/domains/${domain.id}/setup/records`)}>Ask for reports</Button>
      )}
    </div>
  )
}

function addressesOf(record: string | null): string[] {
  const parsed = record === null ? null : parseDmarc(record)
  return parsed?.ok ? parsed.record.rua.flatMap(({ address }) => address ?? []) : []
}
