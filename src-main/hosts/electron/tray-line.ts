import type { EngineStatus } from '#shared/model/host.ts'

/** The engine's state in a few words, coarse enough to stand for a while; null is an engine that is not there yet. */
export function trayLine(status: EngineStatus | null): string {
  if (status === null) return 'Starting'
  const checks = status.checksRunning + status.checksQueued
  if (checks > 0) return checks === 1 ? 'Checking a domain' : 'Checking domains'
  if (status.network === 'offline') return 'Offline: no DNS server answers'
  if (status.vault.state === 'locked') return 'The vault is locked'
  return 'Ready'
}
