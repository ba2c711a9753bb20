import type { DmarcResult } from '#shared/model/audit.ts'
import { olderHeading, olderSentences } from '#shared/words/older-receivers.ts'

/** How receivers of the older DMARC standard treat the domain; nothing when they do the same. */
export function OlderReceivers({ dmarc }: { dmarc: DmarcResult }) {
  const sentences = olderSentences(dmarc)
  if (sentences.length === 0) return null
  return (
    <section aria-label={olderHeading} className="rounded-card border border-line p-3">
      <p className="font-medium">{olderHeading}</p>
      <ul className="mt-1 ml-4 list-disc text-ink-soft">
        {sentences.map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}
