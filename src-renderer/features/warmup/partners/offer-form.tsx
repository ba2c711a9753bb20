import { usualPerDay } from '#shared/model/partner-values.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { useState } from 'react'
import { Checkbox } from '../../../ui/choice.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Select } from '../../../ui/select.tsx'

/** What we let a partner have. */
export type Offer = {
  readonly name: string
  readonly mailboxIds: readonly string[]
  readonly perDay: number
}

export function useOffer(
  rows: readonly WarmupRow[],
  start: Partial<Offer> = {},
): [Offer, (change: Partial<Offer>) => void] {
  const [offer, setOffer] = useState<Offer>(() => ({
    name: '',
    mailboxIds: rows.map(({ id }) => id),
    perDay: usualPerDay,
    ...start,
  }))
  return [offer, change => setOffer(before => ({ ...before, ...change }))]
}

export function isWhole({ name, mailboxIds }: Offer): boolean {
  return name.trim() !== '' && mailboxIds.length > 0
}

const perDayChoices = [1, 2, 3, 4, 6, 8, 12, 20]

type OfferFormProps = {
  rows: readonly WarmupRow[]
  offer: Offer
  onChange: (change: Partial<Offer>) => void
  /** The name stays as the partner knows it. */
  withName?: boolean
}

/** Which mailboxes take part, what the partner calls us, and how much they may send. */
export function OfferForm({ rows, offer, onChange, withName = true }: OfferFormProps) {
  const chosen = new Set(offer.mailboxIds)
  const toggle = (id: string, on: boolean) =>
    onChange({
      mailboxIds: rows.map(row => row.id).filter(one => (one === id ? on : chosen.has(one))),
    })
  return (
    <div className="flex flex-col gap-5">
      {withName && (
        <TextField
          label="Your name to them"
          value={offer.name}
          onChange={name => onChange({ name: name.slice(0, 80) })}
          placeholder="North Studio"
          description="So that they know who it is. It stands in the text, never in a message."
        />
      )}
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 flex w-full items-center gap-3 font-medium">
          <span className="flex-1">Mailboxes that take part</span>
          <Checkbox
            showLabel
            label="All"
            checked={chosen.size === 0 ? false : chosen.size === rows.length ? true : 'some'}
            onChange={all => onChange({ mailboxIds: all ? rows.map(({ id }) => id) : [] })}
          />
        </legend>
        <ul className="scroll-quiet max-h-[200px] divide-y divide-line rounded-control border border-line">
          {rows.map(({ id, address }) => (
            <li key={id} className="flex h-9 items-center px-3">
              <Checkbox showLabel label={address} checked={chosen.has(id)} onChange={on => toggle(id, on)} />
            </li>
          ))}
        </ul>
      </fieldset>
      <Select
        label="Messages a day that each takes from them"
        value={String(offer.perDay)}
        onChange={value => onChange({ perDay: Number(value) })}
        options={[...new Set([...perDayChoices, offer.perDay])]
          .toSorted((a, b) => a - b)
          .map(count => ({ id: String(count), label: String(count) }))}
      />
    </div>
  )
}
