import type { DnsProvider } from '../../model/provider.ts'
import { type ProviderLabels, providerLabels } from './labels.ts'
import { mail, type RecordType, type Step, targets, texts } from './step.ts'

/** The steps of every provider without a guide of its own: by its entry rule, with its own labels where they are known. */
export function usualSteps(provider: DnsProvider | null): Step[] {
  const labels = provider === null ? undefined : providerLabels[provider.id]
  const isFull = provider?.nameField === 'full'
  const isJoined = provider?.mx === 'joined'
  return [
    {
      text: provider
        ? `Sign in to ${provider.name}.`
        : 'Sign in where the DNS of {zone} is looked after: often where the domain was bought or the site is hosted.',
    },
    ...(provider === null ? [] : [{ text: labels?.open ?? 'Open the DNS records of {zone}.' }]),
    { text: labels?.add ? `Press ${labels.add}.` : 'Add a new record.', when: 'add' },
    { text: 'Find the {type} record named {name} and edit it.', when: 'replace' },
    { text: 'Type: choose {type}.', field: 'type', when: 'add' },
    {
      text: `${labels?.name ?? 'Name, sometimes called Host'}: type {name}`,
      hint: isFull ? 'The full name is wanted here.' : nameHint(provider),
      field: 'name',
    },
    ...(isJoined
      ? []
      : [
          {
            text: `${labels?.priority ?? 'Priority'}: type {priority}`,
            field: 'priority',
            onlyFor: mail,
          } satisfies Step,
        ]),
    {
      text: `${valueLabel(labels, 'TXT')}: paste {value}`,
      ...(provider?.txt === 'quoted' ? { hint: 'The quotation marks belong to it.' } : {}),
      field: 'value',
      onlyFor: texts,
    },
    ...targets.map(
      (type): Step => ({
        text: `${valueLabel(labels, type)}: paste {value}`,
        ...(isJoined && type === 'MX'
          ? { hint: 'The number in front is the priority; both go into one box.' }
          : {}),
        field: 'value',
        onlyFor: [type],
      }),
    ),
    { text: 'TTL: leave it as it is.', hint: 'TTL is how long others may remember the answer.' },
    { text: labels?.save ? `Press ${labels.save}.` : 'Save.', when: 'add' },
    { text: 'Save.', when: 'replace' },
  ]
}

function valueLabel(labels: ProviderLabels | undefined, type: RecordType): string {
  const label = typeof labels?.value === 'string' ? labels.value : labels?.value?.[type]
  return label ?? 'Value, sometimes called Content or Target'
}

function nameHint(provider: DnsProvider | null): string {
  if (provider === null)
    return 'If your provider wants full names, add .{zone} after it; @ then stands for {zone}.'
  return provider.apex === '@' ? '@ stands for {zone}.' : 'For {zone} itself leave the box empty.'
}
