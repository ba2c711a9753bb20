import { checkWords } from '#shared/words/checks.ts'
import { clip } from '#shared/words/phrases.ts'
import type { AuditEvent } from '#shared/model/audit.ts'
import { printable } from './printable.ts'

export type Progress = {
  event(domain: string, event: AuditEvent): void
  finished(): void
  /** Takes the line away, before something else is printed or at the end. */
  clear(): void
}

const clearLine = '\r\u001b[2K'

/** One line on the terminal that says how far the run is; nothing at all where there is no terminal. */
export function createProgress(stream: NodeJS.WriteStream, total: number): Progress {
  let done = 0
  let shown = false
  const show = (text: string) => {
    shown = true
    stream.write(`${clearLine}${clip(printable(text), Math.max(10, (stream.columns ?? 80) - 1))}`)
  }
  if (!stream.isTTY) return { event: () => undefined, finished: () => undefined, clear: () => undefined }
  return {
    event(domain, event) {
      const step =
        event.kind === 'started'
          ? 'asking'
          : `${checkWords[event.check].name} looked at, ${event.done} of ${event.total}`
      show(`${done} of ${total} done · ${domain}: ${step}`)
    },
    finished() {
      done += 1
    },
    clear() {
      if (shown) stream.write(clearLine)
      shown = false
    },
  }
}
