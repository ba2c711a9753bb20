import type { EngineStatus } from '#shared/model/host.ts'

/** What the status bar shows, from the resolver, the audits under way and the checks still waiting. */
export function engineStatus(
  network: Pick<EngineStatus, 'queriesInFlight' | 'network'>,
  auditsRunning: number,
  checks: { waiting: number },
): EngineStatus {
  return { ...network, checksRunning: auditsRunning, checksQueued: checks.waiting }
}
