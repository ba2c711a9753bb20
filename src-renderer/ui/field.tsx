import { Search, X } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import {
  Button,
  FieldError,
  Input,
  Label,
  SearchField as AriaSearchField,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'

const box =
  'w-full rounded-control border border-line-strong bg-raised px-3 py-1.5 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent'

type TextFieldProps = {
  label: string
  value: string
  onChange: (value: string) => void
  description?: ReactNode
  /** What is wrong with it, in a sentence. */
  error?: ReactNode
  placeholder?: string
  autoFocus?: boolean
  lines?: number
  mono?: boolean
  /** Hidden as it is typed, and never offered again by the browser. */
  secret?: boolean
  inputRef?: Ref<HTMLInputElement>
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    value,
    onChange,
    description,
    error,
    placeholder,
    autoFocus,
    lines,
    mono,
    secret,
    inputRef,
  } = props
  const look = `${box} ${mono ? 'font-mono text-meta' : ''} ${error ? 'border-fail-fill' : ''}`
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isInvalid={Boolean(error)}
      // The other way keeps a form from being sent again as it is, when what was in its way is gone.
      validationBehavior="aria"
      autoFocus={autoFocus ?? false}
      type={secret ? 'password' : 'text'}
      className="flex flex-col gap-1"
    >
      <Label className="font-medium">{label}</Label>
      {lines ? (
        <TextArea
          rows={lines}
          placeholder={placeholder ?? ''}
          spellCheck={false}
          className={`${look} resize-y`}
        />
      ) : (
        <Input
          ref={inputRef}
          placeholder={placeholder ?? ''}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete={secret ? 'new-password' : 'off'}
          className={look}
        />
      )}
      {description && !error && (
        <Text slot="description" className="text-meta text-ink-soft">
          {description}
        </Text>
      )}
      <FieldError className="text-meta text-fail">{error}</FieldError>
    </AriaTextField>
  )
}

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
