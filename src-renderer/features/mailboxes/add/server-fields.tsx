import type { ConnectionSecurity } from '#shared/model/connection.ts'
import { Select } from '../../../ui/select.tsx'
import { TextField } from '../../../ui/field.tsx'
import { type ServerDraft, serverProblem, withSecurity } from './settings-draft.ts'

type ServerFieldsProps = {
  protocol: 'smtp' | 'imap'
  server: ServerDraft
  /** Told only once somebody has tried to go on. */
  showProblem: boolean
  onChange: (server: ServerDraft) => void
}

const securities: Record<ConnectionSecurity, string> = {
  tls: 'TLS from the start',
  starttls: 'STARTTLS',
  plain: 'Not encrypted',
}
const titles = { smtp: 'Sending (SMTP)', imap: 'Reading (IMAP)' } as const

/** One server: its name, its port, how it is encrypted, and who logs in. */
export function ServerFields({ protocol, server, showProblem, onChange }: ServerFieldsProps) {
  const problem = showProblem ? serverProblem(server) : null
  const short = protocol.toUpperCase()
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-section font-semibold">{titles[protocol]}</legend>
      <div className="grid grid-cols-[1fr_72px_168px] gap-2">
        <TextField
          label={`${short} server`}
          value={server.host}
          onChange={host => onChange({ ...server, host })}
          placeholder={`${protocol}.example.com`}
        />
        <TextField
          label={`${short} port`}
          value={server.port}
          onChange={port => onChange({ ...server, port })}
        />
        <Select
          label={`${short} encryption`}
          options={Object.entries(securities).map(([id, label]) => ({ id, label }))}
          value={server.security}
          onChange={id => onChange(withSecurity(protocol, server, id as ConnectionSecurity))}
        />
      </div>
      <TextField
        label={`${short} user name`}
        value={server.user}
        onChange={user => onChange({ ...server, user })}
      />
      {problem && (
        <p role="alert" className="text-meta text-fail">
          {problem}
        </p>
      )}
    </fieldset>
  )
}
