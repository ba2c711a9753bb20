import type { ProviderRule } from '#shared/model/discovery.ts'
import { describeProviderRule } from '#shared/words/provider-rules.ts'
import { ExternalLink, Info } from 'lucide-react'
import { ExternalPage } from '../../frame/external-page.tsx'

/** What the provider demands, said before a password is typed. */
export function ProviderRules({
  rules,
  provider,
}: {
  rules: readonly ProviderRule[]
  provider: string | null
}) {
  if (rules.length === 0) return null
  return (
    <section
      aria-label={`What ${provider ?? 'the provider'} asks for`}
      className="flex flex-col gap-3 rounded-card border border-line bg-ice px-4 py-3"
    >
      <h2 className="font-medium">Good to know about {provider ?? 'this provider'}</h2>
      <ul className="flex flex-col gap-3">
        {rules.map(rule => {
          const { title, text, link } = describeProviderRule(rule)
          return (
            <li key={`${rule.code} ${title}`} className="flex items-start gap-3">
              <Info aria-hidden size={16} className="mt-0.5 shrink-0 text-accent-ink" />
              <div className="min-w-0">
                <p className="font-medium">{title}</p>
                <p className="text-ink-soft">{text}</p>
                {link && (
                  <ExternalPage
                    url={link.url}
                    className="inline-flex items-center gap-1 rounded-control text-accent-ink hover:underline"
                  >
                    {link.label}
                    <ExternalLink aria-hidden size={12} />
                  </ExternalPage>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
