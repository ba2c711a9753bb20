import { limits } from './limits.ts'

export type NetworkState = {
  answered(): void
  failed(server: string): void
  /**
   * Offline once every one of `servers` has failed since the last answer, with at least `limits.dnsFailuresOffline`
   * failures between them.
   */
  state(servers: readonly string[]): 'online' | 'offline' | 'unknown'
}

/** Judges from the tries alone whether the network can be reached; any answer, of whatever kind, says that it can. */
export function createNetworkState(): NetworkState {
  const failuresSinceAnswer = new Map<string, number>()
  let everAnswered = false
  return {
    answered: () => {
      everAnswered = true
      failuresSinceAnswer.clear()
    },
    failed: server => {
      failuresSinceAnswer.set(server, (failuresSinceAnswer.get(server) ?? 0) + 1)
    },
    state: servers => {
      const failures = servers.map(server => failuresSinceAnswer.get(server) ?? 0)
      const total = failures.reduce((sum, count) => sum + count, 0)
      if (servers.length > 0 && failures.every(count => count > 0) && total >= limits.dnsFailuresOffline)
        return 'offline'
      return everAnswered ? 'online' : 'unknown'
    },
  }
}
