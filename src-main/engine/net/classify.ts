import type { UnavailableReason } from '#shared/model/lookup.ts'

/** What a socket error says about a question; its code is the detail. */
export function reasonOfSocketError(error: Error): { reason: UnavailableReason; detail: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return { reason: reasons[code] ?? 'network-unreachable', detail: code }
}

const reasons: Readonly<Record<string, UnavailableReason>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  ETIMEDOUT: 'timeout',
}
