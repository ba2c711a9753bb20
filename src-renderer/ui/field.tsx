import type { ReactNode, Ref } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField as AriaTextField } from 'react-aria-components'

const box =
  'w-full rounded-control border bg-raised px-3 py-1.5 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent'

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
  const look = `${box} ${mono ? 'font-mono text-meta' : ''} ${error ? 'border-fail-fill' : 'border-line-strong'}`
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
          className={`${look} h-8`}
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
