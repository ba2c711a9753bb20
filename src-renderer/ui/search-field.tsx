import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { Button, Input, SearchField as AriaSearchField } from 'react-aria-components/SearchField'

type SearchFieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  placeholder: string
  inputRef?: Ref<HTMLInputElement>
}

export function SearchField({ label, value, onChange, placeholder, inputRef }: SearchFieldProps) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      className="group flex h-8 w-64 min-w-28 shrink items-center gap-2 rounded-control border border-line-strong bg-raised px-2 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent"
    >
      <Search aria-hidden size={14} className="shrink-0 text-ink-faint" />
      <Input
        ref={inputRef}
        placeholder={placeholder}
        spellCheck={false}
        className="min-w-0 flex-1 bg-transparent outline-none! [&::-webkit-search-cancel-button]:hidden"
      />
      <Button
        aria-label="Clear the search"
        className="inline-flex size-5 cursor-default items-center justify-center rounded-control text-ink-soft hover:bg-hover group-data-empty:invisible"
      >
        <X aria-hidden size={12} />
      </Button>
    </AriaSearchField>
  )
}
