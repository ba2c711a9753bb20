import type { Guide } from '../model/guide.ts'
import type { RequiredRecord } from '../model/record-plan.ts'
import type { DnsProvider } from '../model/provider.ts'
import { ownGuides } from './guides/own.ts'
import { onlyOneRecord, quirkWords } from './guides/quirks.ts'
import type { RecordType } from './guides/step.ts'
import { usualSteps } from './guides/usual.ts'

/** The record a guide is for; without one, the guide covers adding a record of any type. */
export type GuideFor = Pick<RequiredRecord, 'type' | 'action'>

/**
 * The guide of a DNS provider for one record. `zone` is the name the records are edited under, which may be a parent of
 * the mail domain. The steps still hold `{type}`, `{name}`, `{value}` and `{priority}`; `fillGuideText` fills them.
 */
export function guideFor(provider: DnsProvider | null, zone: string, record: GuideFor | null = null): Guide {
  const own = provider === null ? undefined : ownGuides[provider.id]
  const when = record?.action === 'replace' ? 'replace' : 'add'
  const isWanted = (part: { readonly onlyFor?: readonly RecordType[] }) =>
    record === null || part.onlyFor === undefined || part.onlyFor.includes(record.type)
  const fill = (text: string) =>
    text.replaceAll('{provider}', provider?.name ?? 'Your provider').replaceAll('{zone}', zone)

  const steps = (own?.steps ?? usualSteps(provider)).filter(
    step => isWanted(step) && (step.when === undefined || step.when === when),
  )
  const pitfalls = [
    ...(when === 'replace' ? [onlyOneRecord] : []),
    ...(provider?.quirks ?? []).map(quirk => quirkWords[quirk]),
  ].filter(isWanted)
  return {
    providerId: provider?.id ?? null,
    title: own?.title ?? (provider ? `Publish a record at ${provider.name}` : 'Publish a record'),
    openUrl: provider?.deepLink?.replaceAll('{domain}', encodeURIComponent(zone)) ?? null,
    steps: steps.map(({ text, hint, field, place, onlyFor }) => ({
      text: fill(text),
      ...(hint === undefined ? {} : { hint: fill(hint) }),
      ...(field === undefined ? {} : { field }),
      ...(place === undefined ? {} : { place }),
      ...(onlyFor === undefined ? {} : { onlyFor }),
    })),
    pitfalls: pitfalls.map(pitfall => fill(pitfall.text)),
  }
}

/** A step's text with the record's own name and value in it, as the provider wants them typed. */
export function fillGuideText(
  text: string,
  record: Pick<RequiredRecord, 'type' | 'enterName' | 'enterValue' | 'value'>,
): string {
  const parts: Record<string, string> = {
    type: record.type,
    name: record.enterName === '' ? 'nothing (leave the box empty)' : record.enterName,
    value: record.enterValue ?? 'the value your mail provider shows',
    priority: /^\d+(?=\s)/.exec(record.value ?? '')?.[0] ?? 'the number your mail provider shows',
  }
  return text.replaceAll(/\{(type|name|value|priority)\}/g, (_, part: string) => parts[part] ?? '')
}
