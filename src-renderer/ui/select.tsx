import { Check, ChevronDown } from 'lucide-react'
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components'
import type { Option } from './choice.tsx'

type SelectProps = {
  label: string
  hideLabel?: boolean
  options: readonly Option[]
  value: string
  onChange: (id: string) => void
}

export function Select({ label, hideLabel = false, options, value, onChange }: SelectProps) {
  return (
    <AriaSelect
      {...(hideLabel ? { 'aria-label': label } : {})}
      value={value}
      onChange={key => onChange(String(key))}
      className="flex flex-col gap-1"
    >
      {!hideLabel && <Label className="font-medium">{label}</Label>}
      <Button className="flex h-8 cursor-default items-center gap-2 whitespace-nowrap rounded-control border border-line-strong bg-raised px-3 hover:bg-hover">
        <SelectValue className="flex-1 truncate text-left">{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden size={14} className="text-ink-faint" />
      </Button>
      <Popover className="min-w-(--trigger-width) animate-appear rounded-card border border-line bg-raised p-1 shadow-float">
        <ListBox className="scroll-quiet max-h-80 outline-none">
          {options.map(option => (
            <ListBoxItem
              key={option.id}
              id={option.id}
              textValue={option.label}
              className="group flex h-8 cursor-default items-center gap-2 rounded-control px-2 outline-none data-focused:bg-hover"
            >
              <span className="flex-1">{option.label}</span>
              <Check aria-hidden size={14} className="invisible group-data-selected:visible" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
