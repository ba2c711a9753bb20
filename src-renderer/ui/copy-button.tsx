import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { IconButton } from './icon-button.tsx'
import { showToast } from './toast.tsx'

type CopyButtonProps = {
  value: string
  /** What is being copied, as in "Copy the SPF value". */
  label: string
  /** Shown as a labelled button instead of an icon. */
  text?: string
}

/** Copies and says so where the eye is; a clipboard that refuses is told, with the value left to select. */
export function CopyButton({ value, label, text }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => showToast({ tone: 'warn', title: 'The clipboard refused. Select the text and copy it by hand.' }),
    )
  }
  const icon = copied ? <Check className="text-pass" /> : <Copy />
  const spoken = (
    <span aria-live="polite" className="sr-only">
      {copied ? 'Copied' : ''}
    </span>
  )
  if (text)
    return (
      <Button onPress={copy} aria-label={label}>
        {icon}
        {copied ? 'Copied' : text}
        {spoken}
      </Button>
    )
  return (
    <IconButton label={copied ? 'Copied' : label} onPress={copy}>
      {icon}
      {spoken}
    </IconButton>
  )
}
