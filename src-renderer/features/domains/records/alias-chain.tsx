import { ArrowRight } from 'lucide-react'

/** The names a record is reached through, in order. */
export function AliasChain({ name, aliases }: { name: string; aliases: readonly string[] }) {
  return (
    <ol
      aria-label="Aliases (CNAME) on the way to the key"
      className="flex flex-wrap items-center gap-x-2 gap-y-1"
    >
      {[name, ...aliases].map((alias, index) => (
        <li key={`${alias}:${index}`} className="flex items-center gap-2">
          {index > 0 && <ArrowRight aria-hidden size={12} className="shrink-0 text-ink-faint" />}
          <code className="font-mono text-meta [overflow-wrap:anywhere]">{alias}</code>
        </li>
      ))}
    </ol>
  )
}
