import { unavailableClause } from '#shared/words/unavailable.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useCall } from '../../client/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { VerdictMark } from '../../ui/verdict-mark.tsx'
import { failureText } from '../frame/failures.ts'

type Outcome = { server: string; state: 'answers' | 'unavailable'; reason: string | null; tookMs: number }

function readServers(text: string): string[] {
  return text.split(/[\s,]+/).filter(server => server !== '')
}

/** The DNS servers: one on each line, tried before they are relied on. */
export function ResolverSettings({ resolvers }: { resolvers: readonly string[] }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const stored = resolvers.join('\n')
  const [text, setText] = useState(stored)
  const [error, setError] = useState<string | null>(null)
  const system = useCall('system', engine => engine.settings.systemResolvers()).value ?? []
  const [outcomes, setOutcomes] = useState<Outcome[] | 'asking' | null>(null)

  useEffect(() => setText(stored), [stored])

  const change = (value: string) => {
    setText(value)
    setError(null)
    setOutcomes(null)
  }
  const test = async () => {
    setOutcomes('asking')
    const servers = readServers(text)
    const result = await client.settings.testResolvers({ resolvers: servers.length > 0 ? servers : system })
    if (result.ok) setOutcomes(result.value)
    else {
      setOutcomes(null)
      setError(failureText(result.failure))
    }
  }
  const save = async () => {
    const result = await client.settings.set({ resolvers: readServers(text) })
    if (result.ok) showToast({ tone: 'pass', title: 'DNS servers saved' })
    else setError(failureText(result.failure))
  }
  return (
    <div className="flex flex-col gap-3">
      <TextField
        label="Servers"
        mono
        lines={3}
        value={text}
        onChange={change}
        placeholder={system.length > 0 ? system.join('\n') : '192.0.2.53'}
        description={
          system.length > 0
            ? `Of this machine: ${system.join(', ')}. A port goes behind a colon, as in 192.0.2.53:5353.`
            : 'An address, or an address with a port, as in 192.0.2.53:5353.'
        }
        error={error ?? undefined}
      />
      {Array.isArray(outcomes) && (
        <ul aria-live="polite" className="flex flex-col gap-1.5">
          {outcomes.map(({ server, state, reason, tookMs }) => (
            <li key={server} className="flex items-center gap-2">
              <VerdictMark
                kind={state === 'answers' ? 'pass' : 'unavailable'}
                label={state === 'answers' ? 'Answers' : 'No answer'}
                size={18}
              />
              <code className="font-mono text-meta">{server}</code>
              <span className="text-ink-soft">
                {state === 'answers'
                  ? `answered in ${Math.round(tookMs)} ms`
                  : unavailableClause(reason, server)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2">
        <Button onPress={() => void test()} isDisabled={!isOpen || outcomes === 'asking'}>
          {outcomes === 'asking' ? 'Asking' : 'Try them'}
        </Button>
        <Button
          kind="primary"
          onPress={() => void save()}
          isDisabled={!isOpen || readServers(text).join('\n') === stored}
        >
          Save
        </Button>
      </div>
    </div>
  )
}
