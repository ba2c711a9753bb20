import { limits } from './limits.ts'

export type NetworkState = {
  answered(): void
  failed(server: string): void
  /** Offline once at least `limits.dnsFailuresOffline` tries in a row failed and every one of `servers` was among them. */
  state(servers: readonly string[]): 'online' | 'offline' | 'unknown'
}

/** Judges from the tries alone whether the network can be reached; any answer, of whatever kind, says that it can. */
export function createNetworkState(): NetworkState {
  const failing = new Set<string>()
  let failuresInARow = 0
  let everAnswered = false
  return {
    answered: () => {
      everAnswered = true
      failuresInARow = 0
      failing.clear()
    },
    failed: server => {
      failuresInARow++
      failing.add(server)
    },
    state: servers => {
      const allFail = servers.length > 0 && servers.every(server => failing.has(server))
      if (allFail && failuresInARow >= limits.dnsFailuresOffline) return 'offline'
      return everAnswered ? 'online' : 'unknown'
    },
  }
}
