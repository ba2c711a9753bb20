import type { ServerAddress } from '#shared/model/connection.ts'
import type { Discovery, DiscoveryCandidate } from '#shared/model/discovery.ts'
import { candidateSentence, loginMethodWords, sourceSentence } from '#shared/words/discovery.ts'
import { describeProviderRule } from '#shared/words/provider-rules.ts'
import { hanging } from './layout.ts'
import { printable } from './printable.ts'
import type { ReportStyle } from './report.ts'

/** What `--json` prints; docs/cli.md is its reference. */
export function discoveryRecord({ chosen, candidates, rules, ...rest }: Discovery): object {
  return {
    ...rest,
    chosen: chosen === null ? null : (candidates[chosen] ?? null),
    candidates,
    rules: rules.map(rule => {
      const { title, text } = describeProviderRule(rule)
      return { ...rule, title, text }
    }),
  }
}

/** What a person reads: the servers to begin with, others that were found, the rules, and where could not be looked. */
export function discoveryReport(discovery: Discovery, { paint, width }: ReportStyle): string {
  const { address, provider, candidates, chosen, rules, sources, suggestion } = discovery
  const lines = [paint('bold', printable(provider === null ? address : `${address}  ${provider.name}`))]
  const say = (text: string) => lines.push(hanging('  ', 2, printable(text), width))
  if (suggestion !== null) say(`Did you mean the domain ${suggestion}?`)
  const best = chosen === null ? undefined : candidates[chosen]
  if (best === undefined) {
    lines.push('')
    say(
      candidates.length === 0
        ? 'No servers were found. Ask whoever runs the mailbox for their names.'
        : 'Nothing was found that is taken without your word.',
    )
  }
  for (const candidate of best === undefined
    ? candidates
    : [best, ...candidates.filter(one => one !== best)]) {
    lines.push('', ...candidateLines(candidate))
    say(candidateSentence(candidate))
  }
  for (const rule of rules) {
    const { title, text, link } = describeProviderRule(rule)
    lines.push('', `  ${paint('yellow', '▲')} ${paint('bold', printable(title))}`)
    lines.push(hanging('    ', 4, printable(text), width))
    if (link !== null) lines.push(paint('dim', `    ${printable(link.url)}`))
  }
  const open = sources.filter(
    ({ state, reason }) => state === 'unavailable' || (state === 'absent' && reason !== null),
  )
  if (open.length > 0) lines.push('')
  for (const outcome of open) say(sourceSentence(outcome))
  if (open.some(({ state }) => state === 'unavailable'))
    say('There may be something there. Look again later.')
  return `${lines.join('\n')}\n`
}

function candidateLines({ smtp, imap, smtpUser, imapUser, authentication }: DiscoveryCandidate): string[] {
  const how = authentication.map(method => loginMethodWords[method].toLowerCase()).join(' or ')
  return [
    `  SMTP  ${serverText(smtp)}  ${smtpUser}`,
    imap === null ? '  IMAP  none' : `  IMAP  ${serverText(imap)}  ${imapUser}`,
    `  Login ${how}`,
  ].map(printable)
}

const securityWords = { tls: 'TLS', starttls: 'STARTTLS', plain: 'unencrypted' }

function serverText({ host, port, security }: ServerAddress): string {
  return `${host}:${port} (${securityWords[security]})`
}
