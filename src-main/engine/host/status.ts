import type { EngineStatus } from '#shared/model/host.ts'

/** What the status bar shows, from the resolver, the audits under way, the checks still waiting and the vault. */
export function engineStatus(
  network: Pick<EngineStatus, 'queriesInFlight' | 'network'>,
  auditsRunning: number,
  checks: { waiting: number },
  vault: EngineStatus['vault'],
): EngineStatus {
  return { ...network, checksRunning: auditsRunning, checksQueued: checks.waiting, vault }
}
