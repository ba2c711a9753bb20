import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'

export type Option = { id: string; label: string }

type SegmentsProps = {
  label: string
  options: readonly (Option & { extra?: ReactNode })[]
  value: string
  onChange: (id: string) => void
}

/** A few choices of which one holds, side by side. */
export function Segments({ label, options, value, onChange }: SegmentsProps) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={keys => onChange(String([...keys][0]))}
      className="inline-flex h-8 shrink-0 rounded-control border border-line-strong bg-ice p-0.5"
    >
      {options.map(option => (
        <ToggleButton
          key={option.id}
          id={option.id}
          className="inline-flex cursor-default items-center gap-1.5 rounded-[4px] px-2.5 text-ink-soft hover:text-ink data-selected:bg-raised data-selected:font-medium data-selected:text-ink data-selected:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {option.label}
          {option.extra}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

type TogglesProps = {
  label: string
  options: readonly Option[]
  values: readonly string[]
  onChange: (ids: string[]) => void
}

/** A few things of which any may be on, side by side; at least one stays on. */
export function Toggles({ label, options, values, onChange }: TogglesProps) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="multiple"
      disallowEmptySelection
      selectedKeys={values}
      onSelectionChange={keys => onChange([...keys].map(String))}
      className="inline-flex flex-wrap gap-1"
    >
      {options.map(({ id, label }) => (
        <ToggleButton
          key={id}
          id={id}
          className="inline-flex h-8 min-w-11 cursor-default items-center justify-center rounded-control border border-line-strong bg-raised px-2 text-ink-soft hover:bg-hover data-selected:border-accent data-selected:bg-chosen data-selected:font-medium data-selected:text-ink"
        >
          {label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

type CheckboxProps = {
  label: string
  checked: boolean | 'some'
  onChange: (checked: boolean) => void
  showLabel?: boolean
  /** The id of what explains it. */
  describedBy?: string
  isDisabled?: boolean
}

export function Checkbox(props: CheckboxProps) {
  const { label, checked, onChange, showLabel = false, describedBy, isDisabled = false } = props
  return (
    <AriaCheckbox
      {...(showLabel ? {} : { 'aria-label': label })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      isDisabled={isDisabled}
      isSelected={checked === true}
      isIndeterminate={checked === 'some'}
      onChange={onChange}
      className="group inline-flex shrink-0 cursor-default items-center gap-2 whitespace-nowrap data-disabled:opacity-60"
    >
      <span className="inline-flex size-4 items-center justify-center rounded-[4px] border border-line-strong bg-raised group-data-focus-visible:outline-2 group-data-focus-visible:outline-accent group-data-selected:border-accent group-data-selected:bg-accent group-data-indeterminate:border-accent group-data-indeterminate:bg-accent">
        <Check
          aria-hidden
          size={12}
          strokeWidth={3}
          className="hidden text-on-accent group-data-selected:block"
        />
        <span aria-hidden className="hidden h-0.5 w-2 bg-on-accent group-data-indeterminate:block" />
      </span>
      {showLabel && <span>{label}</span>}
    </AriaCheckbox>
  )
}

type RowCheckProps = { label: string; checked: boolean; onPress: (extend: boolean) => void }

/** The checkbox of one row among many: for the pointer; the keyboard selects rows through their grid. */
export function RowCheck({ label, checked, onPress }: RowCheckProps) {
  return (
    <button
      type="button"
      role="checkbox"
      tabIndex={-1}
      aria-label={label}
      aria-checked={checked}
      onClick={event => onPress(event.shiftKey)}
      className={`inline-flex size-4 cursor-default items-center justify-center rounded-[4px] border ${checked ? 'border-accent bg-accent' : 'border-line-strong bg-raised'}`}
    >
      {checked && <Check aria-hidden size={12} strokeWidth={3} className="text-on-accent" />}
    </button>
  )
}
