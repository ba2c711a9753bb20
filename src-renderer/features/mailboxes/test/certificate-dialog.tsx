import type { CertificateSummary } from '#shared/model/connection.ts'
import { exactTime } from '#shared/words/times.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

type CertificateDialogProps = {
  certificate: CertificateSummary
  isOpen: boolean
  onClose: () => void
  onPin: () => void
}

/** Accepting one certificate that nobody vouches for: shown whole, for this mailbox, for this certificate alone. */
export function CertificateDialog({ certificate, isOpen, onClose, onPin }: CertificateDialogProps) {
  const { fingerprint, subject, issuer, names, validFromAt, validToAt } = certificate
  return (
    <Dialog
      title="Accept this certificate?"
      subtitle="Nobody vouches for it. Accept it only when you can compare the fingerprint with the server’s own."
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Do not accept</Button>
          <Button kind="primary" onPress={onPin}>
            Accept it for this mailbox
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-[96px_1fr] gap-x-4 gap-y-2">
        <dt className="text-ink-soft">Name</dt>
        <dd className="[overflow-wrap:anywhere]">{subject}</dd>
        <dt className="text-ink-soft">Issued by</dt>
        <dd className="[overflow-wrap:anywhere]">{issuer}</dd>
        <dt className="text-ink-soft">Holds for</dt>
        <dd className="[overflow-wrap:anywhere]">{names.length > 0 ? names.join(', ') : 'No name at all'}</dd>
        {validFromAt !== null && validToAt !== null && (
          <>
            <dt className="text-ink-soft">Valid</dt>
            <dd>
              {exactTime(validFromAt)} to {exactTime(validToAt)}
            </dd>
          </>
        )}
        <dt className="text-ink-soft">Fingerprint</dt>
        <dd className="flex items-start gap-2">
          <code className="font-mono text-meta [overflow-wrap:anywhere]">{pairs(fingerprint)}</code>
          <CopyButton value={fingerprint} label="Copy the fingerprint" />
        </dd>
      </dl>
      <p className="mt-4 text-ink-soft">
        From then on this mailbox takes this certificate and no other. When the server gets a new one, the
        test says so and asks again.
      </p>
    </Dialog>
  )
}

function pairs(fingerprint: string): string {
  return (fingerprint.match(/../g) ?? []).join(':').toUpperCase()
}
