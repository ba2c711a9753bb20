import type { Operation } from './operations.ts'

/** What goes wrong. `before` and `after` are the moments before and after the request has done what it asks for. */
export type FaultKind =
  /** An error in the envelope, with whatever status. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly code?: string
      readonly message?: string
      readonly details?: Readonly<Record<string, unknown>>
      readonly headers?: Readonly<Record<string, string>>
      readonly at?: 'before' | 'after'
    }
  /** The connection ends: without an answer, or in the midst of one. */
  | { readonly kind: 'cut'; readonly at: 'before' | 'after' | 'mid-answer' }
  /** No answer ever, while the connection stays open. */
  | { readonly kind: 'silence'; readonly at: 'before' | 'after' }
  | { readonly kind: 'delay'; readonly delayMs: number; readonly at?: 'before' | 'after' }
  /** The answer, one octet at a time. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** JSON that breaks off in an answer that is whole otherwise. */
  | { readonly kind: 'truncate' }
  /** Another body. */
  | {
      readonly kind: 'body'
      readonly text: string
      readonly contentType?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly status?: number
      readonly at?: 'before' | 'after'
    }
  /** A body that goes on for so many octets, in one JSON string. */
  | { readonly kind: 'huge'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** The request is worked on twice, as when something on the way delivers it again; the second answer goes out. */
  | { readonly kind: 'twice' }
  /** A cache on the way: "nothing changed" whatever did, or the entity tag of another time. */
  | { readonly kind: 'stale-etag' }

export type Fault = FaultKind & {
  /** Which requests; all unless given. */
  readonly on?: Operation
  /** How many of them, one unless given. */
  readonly times?: number
  /** How many of them go well first. */
  readonly skip?: number
}

export type Faults = {
  add(...faults: readonly Fault[]): void
  clear(): void
  list(): readonly Fault[]
  /** The fault for this request, which is used up by it; null when it goes well. */
  take(operation: Operation | null): FaultKind | null
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; skip: number; times: number }[] = []
  return {
    add: (...faults) => {
      waiting.push(...faults.map(fault => ({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })))
    },
    clear: () => {
      waiting = []
    },
    list: () => waiting.map(({ fault, skip, times }) => ({ ...fault, skip, times })),
    take: operation => {
      for (const one of waiting) {
        if (one.fault.on !== undefined && one.fault.on !== operation) continue
        if (one.skip > 0) {
          one.skip -= 1
          continue
        }
        one.times -= 1
        waiting = waiting.filter(({ times }) => times > 0)
        return one.fault
      }
      return null
    },
  }
}
