import type { PolicyFile } from '#shared/model/record-plan.ts'
import { Download } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { saveText } from '../../../ui/save-text.ts'

/** The file that the MTA-STS record announces, and where it has to stand. */
export function PolicyFileCard({ file }: { file: PolicyFile }) {
  return (
    <section
      aria-labelledby="policy-file"
      className="flex flex-col gap-3 rounded-card border border-line p-4"
    >
      <div className="flex items-center gap-2">
        <h3 id="policy-file" className="flex-1 font-medium">
          The policy file of MTA-STS
        </h3>
        <CopyButton value={file.text} label="Copy the policy file" text="Copy" />
        <Button aria-label="Save the policy file" onPress={() => saveText('mta-sts.txt', file.text)}>
          <Download aria-hidden />
          Save
        </Button>
      </div>
      <pre className="scroll-quiet rounded-control bg-ice px-3 py-2 font-mono text-meta">{file.text}</pre>
      <ol className="flex list-decimal flex-col gap-1 pl-5 text-ink-soft">
        <li>
          Let <Mono>{file.host}</Mono> lead to a web server: a CNAME to your web host, or an A record.
        </li>
        <li>
          Give it a certificate for that name, and put the file at <Mono>{file.url}</Mono>, without a
          redirect.
        </li>
        <li>
          Then publish the record. Its id belongs to this very file: whenever your mail servers change, come
          back for both.
        </li>
      </ol>
    </section>
  )
}

function Mono({ children }: { children: string }) {
  return <code className="font-mono text-meta [overflow-wrap:anywhere] text-ink">{children}</code>
}
