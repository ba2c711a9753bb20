import { dnsProvider, dnsProviders, mailProvider, mailProviders } from '#engine/domains/providers.ts'
import type { Result } from '#shared/failure.ts'
import type { PlanChoices, RecordPlan, RequiredRecord } from '#shared/model/record-plan.ts'
import { zoneText } from '#shared/record-text/zone-text.ts'
import { failureLine } from '#shared/words/failures.ts'
import { actionWords, dmarcCaution, leftOutSentence, planPartWords } from '#shared/words/plan.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { type Colour, hanging, type Paint, paintFor } from './layout.ts'
import { type CliEngine, openEngine } from './open-engine.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'

export type RecordsOptions = {
  readonly domain: string
  readonly choices: PlanChoices
  readonly form: 'people' | 'json' | 'bind'
  readonly resolvers: readonly string[]
  readonly build: string
}

const mostColumns = 100
const indent = 10

/** Runs `rookery records`: audits one domain, plans its records and prints them. Returns the exit code. */
export async function runRecordsVerb(options: RecordsOptions): Promise<number> {
  const { stop, stdout, refuse } = openOutputs()
  const unknown = unknownProvider(options.choices)
  if (unknown !== null) return refuse(unknown)
  const opened = await openEngine({ build: options.build, resolvers: options.resolvers })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const interrupted = watchInterrupts(stop)
  try {
    const planned = await planOf(opened.value, options, stop.signal)
    if (!planned.ok) {
      const ended = interrupted.code() ?? (stdout.gone() ? exitCodes.readerGone : null)
      if (ended !== null) return ended
      const isUsage = planned.failure.code.startsWith('domain-')
      return await refuse(failureLine(planned.failure), isUsage ? exitCodes.usage : exitCodes.incomplete)
    }
    const plan = planned.value
    const [problem] = plan.problems
    if (problem !== undefined)
      return await refuse(`${flagOf[problem.field]}: ${failureLine(problem.failure)}`)
    await stdout.write(textOf(plan, options.form))
    await stdout.flush()
    if (stdout.gone()) return exitCodes.readerGone
    return plan.incomplete ? exitCodes.incomplete : exitCodes.clean
  } finally {
    await opened.value.stop()
    interrupted.end()
  }
}

const flagOf: Record<RecordPlan['problems'][number]['field'], string> = {
  spfInclude: '--spf-include',
  trackingTarget: '--tracking',
  trackingName: '--tracking-name',
}

/** The engine of one run keeps nothing, so the domain may stand on its list as long as it is needed. */
async function planOf(
  { client }: CliEngine,
  { domain, choices }: RecordsOptions,
  signal: AbortSignal,
): Promise<Result<RecordPlan>> {
  const added = await client.domains.add({ input: domain })
  if (!added.ok) return added
  const { id } = added.value
  const audit = await client.domains.audit({ id }, { signal })
  let step = await audit.next()
  while (step.done !== true) step = await audit.next()
  return step.value.ok ? client.domains.plan({ id, ...choices }) : step.value
}

function unknownProvider({ mailProvider: mail, dnsProvider: dns }: PlanChoices): string | null {
  if (mail !== null && mailProvider(mail) === null)
    return `There is no mail provider “${mail}”. Known are: ${idsOf(mailProviders)}.`
  if (dns !== null && dnsProvider(dns) === null)
    return `There is no DNS provider “${dns}”. Known are: ${idsOf(dnsProviders)}.`
  return null
}

function idsOf(rows: readonly { readonly id: string }[]): string {
  return rows.map(({ id }) => id).join(', ')
}

function textOf(plan: RecordPlan, form: RecordsOptions['form']): string {
  if (form === 'json') return jsonLine(plan)
  return form === 'bind' ? zoneText(plan) : forPeople(plan)
}

const actionColours: Record<RequiredRecord['action'], Colour> = {
  add: 'yellow',
  replace: 'yellow',
  keep: 'green',
  provider: 'blue',
}

function forPeople(plan: RecordPlan): string {
  const paint = paintFor(process.stdout)
  const width = Math.min(process.stdout.columns ?? mostColumns, mostColumns)
  const mail = mailProvider(plan.mailProvider)?.name
  const dns = dnsProvider(plan.dnsProvider)?.name
  const places = [mail && `mail at ${mail}`, dns && `DNS at ${dns}`].filter(Boolean).join(', ')
  const notes = [
    plan.incomplete ? 'Some records could not be looked up. Nothing is proposed in their place.' : null,
    dmarcCaution(plan),
    leftOutSentence(plan),
  ].filter(note => note !== null)
  const parts = [
    `${paint('bold', printable(plan.domain))}${places === '' ? '' : `  ${paint('dim', places)}`}`,
    ...plan.records.map(record => recordText(record, dns ?? null, paint)),
    policyText(plan, paint),
    ...notes.map(note => hanging(`  ${paint('blue', '–')} `, 4, note, width)),
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function recordText(record: RequiredRecord, dns: string | null, paint: Paint): string {
  const line = (label: string, value: string) =>
    `  ${paint('dim', label.padEnd(indent - 2))}${printable(value)}`
  const { check, type, action, name, value, current } = record
  const typed = dns === null ? '' : typedAs(record, dns)
  return [
    `  ${paint(['bold', actionColours[action]], actionWords[action])}  ${planPartWords[check].name} ${paint('dim', type)}`,
    line('name', name),
    ...(action === 'replace' && current !== null
      ? current.split('\n').map(text => line('instead', text))
      : []),
    ...(value === null ? [] : [line('value', value)]),
    ...(typed === '' || action === 'keep' ? [] : [line('typed', typed)]),
  ].join('\n')
}

/** How the DNS provider wants it, where that differs. */
function typedAs({ name, value, enterName, enterValue }: RequiredRecord, dns: string): string {
  if (enterName === name && enterValue === value) return ''
  const nameBox = enterName === '' ? 'the name box empty' : enterName
  const valueBox = enterValue === null || enterValue === value ? '' : `, value ${enterValue}`
  return `at ${dns}: ${nameBox}${valueBox}`
}

function policyText({ policyFile }: RecordPlan, paint: Paint): string {
  if (policyFile === null) return ''
  const lines = policyFile.text.trimEnd().split('\n')
  return [
    `  ${paint('bold', 'Policy file')}  ${printable(policyFile.url)}`,
    ...lines.map(line => `    ${printable(line)}`),
  ].join('\n')
}
