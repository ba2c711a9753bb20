import type { ReactNode } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'

export type CardOption<Id extends string> = { id: Id; title: string; text: string; extra?: ReactNode }

type OptionCardsProps<Id extends string> = {
  label: string
  options: readonly CardOption<Id>[]
  value: Id
  onChange: (id: Id) => void
}

/** A few choices that need a sentence each, of which one holds. */
export function OptionCards<Id extends string>({ label, options, value, onChange }: OptionCardsProps<Id>) {
  return (
    <RadioGroup value={value} onChange={id => onChange(id as Id)} className="flex flex-col gap-1">
      <Label className="font-medium">{label}</Label>
      <div className={`grid gap-2 ${options.length === 3 ? 'grid-cols-3' : 'grid-cols-2'}`}>
        {options.map(({ id, title, text, extra }) => (
          <Radio
            key={id}
            value={id}
            className="group flex cursor-default gap-2.5 rounded-control border border-line-strong bg-raised px-3 py-2 hover:bg-hover data-selected:border-accent data-selected:bg-chosen"
          >
            <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong bg-raised group-data-selected:border-accent">
              <span className="hidden size-2 rounded-full bg-accent group-data-selected:block" />
            </span>
            <span className="flex min-w-0 flex-col">
              <span className="font-medium">{title}</span>
              <span className="text-meta text-ink-soft">{text}</span>
              {extra}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}
