import type {
  CertificateSummary,
  ConnectionAlternative,
  ConnectionFailure,
  ConnectionResult,
} from '#shared/model/connection.ts'
import { describeConnectionFailure, phaseWords, securityWords } from '#shared/words/connection.ts'
import { CircleX, ExternalLink, Info } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { ExternalPage } from '../../frame/external-page.tsx'
import { CertificateDialog } from './certificate-dialog.tsx'

type FailurePanelProps = {
  result: ConnectionResult
  /** Puts another server in the form and tests again; left out where servers cannot be changed. */
  onAlternative?: (alternative: ConnectionAlternative) => void
  /** Accepts this one certificate and tests again. */
  onPin?: (pins: Pins) => void
}

/** The certificate, put with each server that showed it. */
export type Pins = { pinnedCertificate?: string; imapPinnedCertificate?: string }

/** What went wrong, why, the server's own words, what to do in order of what helps, and the ways around as buttons. */
export function FailurePanel({ result, onAlternative, onPin }: FailurePanelProps) {
  const { failures, notices, alternatives, certificate } = result
  if (failures.length + notices.length === 0) return null
  return (
    <div className="flex flex-col gap-4">
      {grouped(failures).map((group, index) => (
        <Failure
          key={group.map(({ phase, code }) => `${phase} ${code}`).join()}
          failures={group}
          isAlert={index === 0}
          alternatives={alternatives.filter(one => group.some(({ phase }) => phase.startsWith(sideOf(one))))}
          certificate={group.some(one => shows(one, certificate)) ? certificate : null}
          onAlternative={onAlternative}
          onPin={onPin}
        />
      ))}
      {notices.map(notice => (
        <NoticeLine key={`${notice.phase} ${notice.code}`} notice={notice} />
      ))}
    </div>
  )
}

type FailureProps = {
  /** The same thing on both sides, or one on its own. */
  failures: readonly [ConnectionFailure, ...ConnectionFailure[]]
  isAlert: boolean
  alternatives: readonly ConnectionAlternative[]
  certificate: CertificateSummary | null
  onAlternative: FailurePanelProps['onAlternative']
  onPin: FailurePanelProps['onPin']
}

function Failure({ failures, isAlert, alternatives, certificate, onAlternative, onPin }: FailureProps) {
  const { title, cause, fixes, link } = describeConnectionFailure(failures[0])
  const [isAsking, setAsking] = useState(false)
  const canPin = onPin !== undefined && certificate !== null && !certificate.pinned
  return (
    <section
      role={isAlert ? 'alert' : undefined}
      aria-label={capital(title)}
      className="flex flex-col gap-3 rounded-card bg-fail-soft px-4 py-3"
    >
      <div className="flex items-start gap-3">
        <CircleX aria-hidden size={16} className="mt-0.5 shrink-0 text-fail" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">{capital(title)}</p>
          <p className="text-ink-soft">{cause}</p>
        </div>
      </div>
      {failures.map(({ phase, evidence }) => (
        <figure key={phase} className="pl-7">
          <figcaption className="text-meta text-ink-soft">
            While: {phaseWords[phase].toLowerCase()}
          </figcaption>
          {evidence && (
            <code className="mt-1 block rounded-control bg-page px-2 py-1 font-mono text-meta [overflow-wrap:anywhere]">
              {evidence}
            </code>
          )}
        </figure>
      ))}
      {fixes.length > 0 && (
        <div className="pl-7">
          <p className="mb-0.5 text-meta font-medium text-ink-soft">What to do</p>
          <ol className="ml-4 list-decimal">
            {fixes.map(fix => (
              <li key={fix}>{fix}</li>
            ))}
          </ol>
        </div>
      )}
      {(alternatives.length > 0 || canPin || link) && (
        <div className="flex flex-wrap items-center gap-2 pl-7">
          {onAlternative &&
            alternatives.map(alternative => (
              <Button key={labelOf(alternative)} onPress={() => onAlternative(alternative)}>
                {labelOf(alternative)}
              </Button>
            ))}
          {canPin && <Button onPress={() => setAsking(true)}>Look at the certificate</Button>}
          {link && (
            <ExternalPage
              url={link}
              className="inline-flex h-8 items-center gap-1.5 rounded-control font-medium text-accent-ink hover:underline"
            >
              Read more
              <ExternalLink aria-hidden size={13} />
            </ExternalPage>
          )}
        </div>
      )}
      {canPin && (
        <CertificateDialog
          certificate={certificate}
          isOpen={isAsking}
          onClose={() => setAsking(false)}
          onPin={() => {
            setAsking(false)
            onPin(pinsBy(failures, certificate.fingerprint))
          }}
        />
      )}
    </section>
  )
}

function NoticeLine({ notice }: { notice: ConnectionFailure }) {
  const { title, cause } = describeConnectionFailure(notice)
  return (
    <div className="flex items-start gap-3 px-4">
      <Info aria-hidden size={16} className="mt-0.5 shrink-0 text-warn" />
      <p>
        {capital(title)} <span className="text-ink-soft">{cause}</span>
      </p>
    </div>
  )
}

/** `Try 587 with STARTTLS`. */
function labelOf({ smtp, imap }: ConnectionAlternative): string {
  const server = smtp ?? imap
  return server === undefined ? '' : `Try ${server.port} with ${securityWords[server.security]}`
}

function sideOf({ smtp }: ConnectionAlternative): 'smtp' | 'imap' {
  return smtp === undefined ? 'imap' : 'smtp'
}

/** A password that both sides refuse is one thing to mend. Sending goes first, as in the form, whichever side ended first. */
function grouped(failures: readonly ConnectionFailure[]): FailureProps['failures'][] {
  const groups = new Map<string, [ConnectionFailure, ...ConnectionFailure[]]>()
  for (const failure of failures.toSorted((a, b) => sideRank(a) - sideRank(b))) {
    const { title, cause } = describeConnectionFailure(failure)
    // Each certificate is looked at, and accepted, by itself.
    const key = `${failure.code} ${title} ${cause} ${failure.facts['fingerprint'] ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [failure])
    else group.push(failure)
  }
  return [...groups.values()]
}

function sideRank({ phase }: ConnectionFailure): number {
  return phase.startsWith('imap') ? 1 : 0
}

/** Only for what a person may vouch for. */
function isAboutCertificate({ code }: ConnectionFailure): boolean {
  return [
    'tls.cert-self-signed',
    'tls.cert-untrusted',
    'tls.cert-name-mismatch',
    'tls.cert-changed',
  ].includes(code)
}

function shows(failure: ConnectionFailure, certificate: CertificateSummary | null): boolean {
  return isAboutCertificate(failure) && failure.facts['fingerprint'] === certificate?.fingerprint
}

function pinsBy(failures: readonly ConnectionFailure[], fingerprint: string): Pins {
  const isAt = (side: string) => failures.some(({ phase }) => phase.startsWith(side))
  return {
    ...(isAt('smtp') ? { pinnedCertificate: fingerprint } : {}),
    ...(isAt('imap') ? { imapPinnedCertificate: fingerprint } : {}),
  }
}

function capital(title: string): string {
  return title.replace(/^the /, 'The ')
}
