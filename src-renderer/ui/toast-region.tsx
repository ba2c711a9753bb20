import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import {
  Button,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components'
import { toasts } from './toast.tsx'

const icons = { info: Info, pass: CircleCheck, warn: CircleAlert }
const colours = { info: 'text-unknown', pass: 'text-pass', warn: 'text-warn' }

export function Toasts() {
  return (
    <ToastRegion
      queue={toasts}
      aria-label="Notices"
      className="fixed bottom-9 left-1/2 z-50 flex -translate-x-1/2 flex-col gap-2"
    >
      {({ toast }) => {
        const { tone, title, detail, action } = toast.content
        const Icon = icons[tone]
        return (
          <AriaToast
            toast={toast}
            className="flex min-w-72 max-w-[32rem] animate-appear items-center gap-3 rounded-card border border-line bg-raised px-3 py-2 shadow-float"
          >
            <Icon aria-hidden size={16} className={`shrink-0 ${colours[tone]}`} />
            <ToastContent className="flex min-w-0 flex-1 flex-col">
              <Text slot="title">{title}</Text>
              {detail && (
                <Text slot="description" className="text-meta text-ink-soft">
                  {detail}
                </Text>
              )}
            </ToastContent>
            {action && (
              <Button
                onPress={() => {
                  action.run()
                  toasts.close(toast.key)
                }}
                className="cursor-default rounded-control px-2 py-1 font-medium text-accent-ink hover:bg-hover"
              >
                {action.label}
              </Button>
            )}
            <Button
              slot="close"
              aria-label="Dismiss"
              className="inline-flex size-6 cursor-default items-center justify-center rounded-control text-ink-soft hover:bg-hover"
            >
              <X aria-hidden size={14} />
            </Button>
          </AriaToast>
        )
      }}
    </ToastRegion>
  )
}
