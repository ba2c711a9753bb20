import type { Discovery } from '#shared/model/discovery.ts'
import { candidatePlace, discoverySourceWords } from '#shared/words/discovery.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Checkbox, Segments } from '../../../ui/choice.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ServerFields } from './server-fields.tsx'
import {
  draftOf,
  isAsFound,
  pinsOf,
  type SettingsDraft,
  signInOf,
  usesPlain,
  withoutPin,
} from './settings-draft.ts'
import { SignIn } from './sign-in.tsx'

type SettingsFormProps = {
  address: string
  draft: SettingsDraft
  discovery: Discovery | null
  candidate: number | null
  showProblems: boolean
  /** A password is kept already; typing none leaves it. */
  hasKeptPassword?: boolean
  onChange: (draft: SettingsDraft) => void
  onCandidate: (index: number) => void
}

/** The servers with where they come from, and how to log in. Everything can be edited. */
export function SettingsForm(props: SettingsFormProps) {
  const { address, draft, discovery, candidate, showProblems, hasKeptPassword = false } = props
  const { onChange, onCandidate } = props
  const set = (change: Partial<SettingsDraft>) => onChange({ ...draft, ...change })
  const chosen = candidate === null ? null : (discovery?.candidates[candidate] ?? null)
  const isAppPassword = chosen?.authentication.includes('app-password') ?? false
  const oauth = signInOf(draft)
  return (
    <div className="flex flex-col gap-5">
      {chosen && discovery && (
        <div className="flex flex-col gap-2">
          <div className="flex flex-wrap items-center gap-2">
            {isAsFound(draft, chosen) ? (
              <>
                <Badge tone={chosen.trusted ? 'pass' : 'warn'}>
                  {discoverySourceWords[chosen.source].name}
                </Badge>
                <span className="min-w-0 text-ink-soft [overflow-wrap:anywhere]">
                  {candidatePlace(chosen)}
                </span>
              </>
            ) : (
              <>
                <Badge tone="neutral">Changed by you</Badge>
                <Button kind="quiet" onPress={() => onChange(draftOf(draft, chosen))}>
                  Back to what was found
                </Button>
              </>
            )}
          </div>
          {discovery.candidates.length > 1 && (
            <Select
              label="Settings that were found"
              options={discovery.candidates.map((one, index) => ({
                id: String(index),
                label: `${discoverySourceWords[one.source].name}: ${one.smtp.host}, ${one.smtp.port}`,
              }))}
              value={String(candidate)}
              onChange={id => {
                const index = Number(id)
                const next = discovery.candidates[index]
                if (next === undefined) return
                onCandidate(index)
                onChange(draftOf(draft, next))
              }}
            />
          )}
        </div>
      )}
      <ServerFields
        protocol="smtp"
        server={draft.smtp}
        showProblem={showProblems}
        onChange={smtp => set({ smtp })}
      />
      {draft.hasImap ? (
        <ServerFields
          protocol="imap"
          server={draft.imap}
          showProblem={showProblems}
          onChange={imap => set({ imap })}
        />
      ) : (
        <p className="text-ink-soft">
          Without IMAP Rookery can send from this mailbox, and cannot see what arrives in it.
        </p>
      )}
      <Checkbox
        showLabel
        label="Read mail with this mailbox (IMAP)"
        checked={draft.hasImap}
        onChange={hasImap => set({ hasImap })}
      />
      {usesPlain(draft) && (
        <Notice tone="warn" title="Without encryption anyone on the way can read the password and the mail">
          <Checkbox
            showLabel
            label="Allow that for this mailbox"
            checked={draft.allowPlain}
            onChange={allowPlain => set({ allowPlain })}
          />
        </Notice>
      )}
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-1.5 text-section font-semibold">Login</legend>
        {oauth !== null && (
          <div>
            <Segments
              label="How to log in"
              value={draft.login}
              onChange={login => set({ login: login as SettingsDraft['login'] })}
              options={[
                { id: 'password', label: isAppPassword ? 'App password' : 'Password' },
                { id: 'oauth', label: oauth === 'google' ? 'Sign in with Google' : 'Sign in with Microsoft' },
              ]}
            />
          </div>
        )}
        {draft.login === 'oauth' && oauth !== null ? (
          <SignIn
            provider={oauth}
            address={address}
            user={draft.smtp.user}
            onUser={user => set({ smtp: { ...draft.smtp, user }, imap: { ...draft.imap, user } })}
          />
        ) : (
          <>
            <TextField
              label={isAppPassword ? 'App password' : 'Password'}
              secret
              value={draft.password}
              onChange={password => set({ password })}
              placeholder={hasKeptPassword ? 'Kept; type another to change it' : ''}
              description="It goes straight into the vault on this machine and is never shown again."
              error={
                showProblems && draft.password === '' && !hasKeptPassword
                  ? 'A password is needed.'
                  : undefined
              }
            />
            {draft.hasImap && (
              <Checkbox
                showLabel
                label="The same user and password for IMAP"
                checked={draft.isSamePassword}
                onChange={isSamePassword => set({ isSamePassword, imapPassword: '' })}
              />
            )}
            {draft.hasImap && !draft.isSamePassword && (
              <TextField
                label="IMAP password"
                secret
                value={draft.imapPassword}
                onChange={imapPassword => set({ imapPassword })}
              />
            )}
          </>
        )}
      </fieldset>
      {pinsOf(draft).map(({ fingerprint, sides }) => (
        <Checkbox
          key={fingerprint}
          showLabel
          label={`Accept the certificate ${fingerprint.slice(0, 16)}… and no other${sides}`}
          checked
          onChange={() => set(withoutPin(draft, fingerprint))}
        />
      ))}
      {draft.hasImap && (
        <div>
          <Checkbox
            showLabel
            label="Send one test message from the mailbox to itself"
            checked={draft.testEmail}
            onChange={testEmail => set({ testEmail })}
          />
          <p className="ml-6 text-meta text-ink-soft">
            {draft.testEmail
              ? 'It shows whether mail arrives, in which folder, and what the receiver says about it.'
              : 'Without it the mailbox is saved as “Not fully tested”.'}
          </p>
        </div>
      )}
    </div>
  )
}
