import type { PartnerTextKind } from '#shared/model/partner.ts'
import { partnerTextWords } from '#shared/words/partners.ts'
import { Download } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { saveText } from '../../../ui/save-text.ts'

/** A text to give to the partner, by whatever way people like. */
export function HandOver({ kind, text }: { kind: PartnerTextKind; text: string }) {
  const { name, hand } = partnerTextWords[kind]
  return (
    <section aria-label={name} className="flex min-w-0 flex-col gap-2">
      <p>{hand}</p>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        className="scroll-quiet max-h-40 overflow-auto rounded-control border border-line bg-ice px-3 py-2 font-mono text-meta"
      >
        {text}
      </pre>
      <div className="flex flex-wrap gap-2">
        <CopyButton
          value={text}
          label={`Copy the ${name.toLowerCase()}`}
          text={`Copy the ${name.toLowerCase()}`}
        />
        <Button onPress={() => saveText(`rookery-${kind}.txt`, text)}>
          <Download aria-hidden />
          Save as a file
        </Button>
      </div>
    </section>
  )
}
