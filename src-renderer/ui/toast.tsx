import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components/Toast'

export type ToastNote = {
  tone: 'info' | 'pass' | 'warn'
  title: string
  detail?: string
  action?: { label: string; run: () => void }
}

/** What is being said; `toast-region.tsx` draws it. */
export const toasts = new ToastQueue<ToastNote>({ maxVisibleToasts: 3 })

/** Says something once, at the foot of the window. With an action it stays 8 s, else 5 s. */
export function showToast(note: ToastNote): () => void {
  const key = toasts.add(note, { timeout: note.action ? 8_000 : 5_000 })
  return () => toasts.close(key)
}
