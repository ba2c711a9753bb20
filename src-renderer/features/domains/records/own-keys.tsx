import type { Failure } from '#shared/failure.ts'
import { isKeyDue, rotateKeyAfterDays } from '#shared/key-age.ts'
import type { OwnKeyRow } from '#shared/model/own-key.ts'
import { selectorPattern } from '#shared/record-text/selector.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { KeyRound, RefreshCw, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useCall } from '../../../client/use-call.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Time } from '../../frame/time.tsx'
import { useNow } from '../../frame/use-now.ts'
import { failureText, tellFailure } from '../../frame/failures.ts'

type Keys = {
  keys: readonly OwnKeyRow[]
  proposed: string
  canKeep: boolean
  whyNot: Failure | null
}

/** DKIM keys made on this machine, for those who run their own mail server. `onChange` when there is one more or less. */
export function OwnKeys({ id, onChange }: { id: string; onChange: () => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { value: known, again } = useCall(id, engine => engine.records.keys({ id }))
  const [making, setMaking] = useState<'new' | 'rotation' | null>(null)
  const now = useNow()
  const changed = () => {
    again()
    onChange()
  }
  const act = async (work: Promise<{ ok: true } | { ok: false; failure: Failure }>) => {
    const result = await work
    if (result.ok) changed()
    else tellFailure(result.failure)
  }
  const newest = known?.keys.toSorted((a, b) => b.createdAt - a.createdAt)[0]
  return (
    <section aria-labelledby="own-keys" className="flex flex-col gap-3 rounded-card border border-line p-4">
      <div className="flex items-start gap-4">
        <div className="flex-1">
          <h3 id="own-keys" className="font-medium">
            Do you run your own mail server?
          </h3>
          <p className="text-ink-soft">
            Make its DKIM key here. The public half joins the records above; the private half is for the
            server that signs.
          </p>
        </div>
        <Button onPress={() => setMaking('new')} isDisabled={known === null || !isOpen}>
          <KeyRound aria-hidden />
          Make a DKIM key
        </Button>
      </div>
      {known !== null && known.keys.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {known.keys.map(key => (
            <li key={key.selector} className="flex items-center gap-3 py-2">
              <div className="min-w-0 flex-1">
                <p>
                  <code className="font-mono text-meta">{key.selector}</code>
                  <span className="text-meta text-ink-soft">
                    {' '}
                    made <Time at={key.createdAt} />
                  </span>{' '}
                  {key === newest && isKeyDue(key.createdAt, now) && (
                    <Badge tone="warn">
                      <TriangleAlert aria-hidden />
                      Older than {rotateKeyAfterDays} days
                    </Badge>
                  )}
                </p>
                {key.file === null ? (
                  <p className="text-meta text-ink-soft">The private key is in Rookery’s vault.</p>
                ) : (
                  <SavedPath path={key.file} />
                )}
              </div>
              {key === newest && (
                <Button onPress={() => setMaking('rotation')} isDisabled={!isOpen}>
                  <RefreshCw aria-hidden />
                  Rotate now
                </Button>
              )}
              {key.place === 'vault' && (
                <Button onPress={() => void act(client.records.saveKey({ id, selector: key.selector }))}>
                  Save as a file
                </Button>
              )}
              <IconButton
                label={`Take ${key.selector} off this list`}
                onPress={() => void act(client.records.removeKey({ id, selector: key.selector }))}
              >
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {making && known && (
        <MakeKey
          id={id}
          keys={known}
          isRotation={making === 'rotation'}
          onMade={changed}
          onClose={() => setMaking(null)}
        />
      )}
    </section>
  )
}

type MakeKeyProps = {
  id: string
  keys: Keys
  /** A newer key takes over from one that is in use. */
  isRotation: boolean
  onMade: () => void
  onClose: () => void
}

function MakeKey({ id, keys, isRotation, onMade, onClose }: MakeKeyProps) {
  const client = useClient()
  const [selector, setSelector] = useState(keys.proposed)
  const [place, setPlace] = useState<OwnKeyRow['place']>('file')
  const [made, setMade] = useState<OwnKeyRow | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const isGood = selectorPattern.test(selector)
  const make = async () => {
    setBusy(true)
    const result = await client.records.createKey({ id, selector, place })
    setBusy(false)
    if (!result.ok) return setFailure(result.failure)
    setMade(result.value)
    onMade()
  }
  return (
    <Dialog
      title={made ? 'The key is made' : isRotation ? 'Rotate the DKIM key' : 'Make a DKIM key'}
      subtitle="RSA, 2048 bits, made on this machine."
      isOpen
      onClose={onClose}
      actions={
        made ? (
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>Cancel</Button>
            <Button kind="primary" onPress={() => void make()} isDisabled={!isGood || isBusy}>
              Make the key
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="flex flex-col gap-3">
          <p>
            Its record, <code className="font-mono text-meta">{made.selector}._domainkey</code>, is among the
            records to publish.
          </p>
          {made.file === null ? (
            <p className="text-ink-soft">
              The private key is in Rookery’s vault. Save it as a file when you set the server up.
            </p>
          ) : (
            <>
              <SavedPath path={made.file} />
              <p className="text-ink-soft">
                Only your user can read the file. Move it to the server that signs and delete it here: Rookery
                keeps no copy and cannot bring it back.
              </p>
            </>
          )}
          {isRotation && (
            <p>
              Publish the new record first. Once it is seen, let your server sign with the new key. Leave the
              old record for a week, for mail that is still on its way, then delete it.
            </p>
          )}
        </div>
      ) : (
        <div className="flex flex-col gap-4">
          <TextField
            label="Selector"
            value={selector}
            onChange={text => {
              setSelector(text.trim().toLowerCase())
              setFailure(null)
            }}
            mono
            description="The name the key stands under. The server needs the same one."
            error={
              failure
                ? failureText(failure)
                : isGood
                  ? undefined
                  : 'Letters, digits and hyphens, up to 63 of them.'
            }
          />
          {keys.whyNot && (
            <Notice tone="info" title="The vault cannot keep the key now, so it goes to a file.">
              {describeFailure(keys.whyNot).next}
            </Notice>
          )}
          {keys.canKeep && (
            <Segments
              label="Where the private key goes"
              value={place}
              onChange={chosen => setPlace(chosen as OwnKeyRow['place'])}
              options={[
                { id: 'vault', label: 'Keep it in the vault' },
                { id: 'file', label: 'Save it as a file' },
              ]}
            />
          )}
          <Notice
            tone={place === 'file' ? 'warn' : 'info'}
            title={
              place === 'file'
                ? 'The private key leaves Rookery as a file.'
                : 'The private key stays in the vault, encrypted.'
            }
          >
            {place === 'file'
              ? 'Whoever has it can sign as your domain. It is written to a file on the machine Rookery runs on, which only your user can read; no copy is kept.'
              : 'You can save it as a file once, when you set the server up.'}
          </Notice>
        </div>
      )}
    </Dialog>
  )
}

function SavedPath({ path }: { path: string }) {
  return (
    <p className="flex items-center gap-2 text-meta text-ink-soft">
      <span className="min-w-0">
        Saved to <code className="font-mono [overflow-wrap:anywhere] text-ink">{path}</code>
      </span>
      <CopyButton value={path} label="Copy the path" />
    </p>
  )
}
