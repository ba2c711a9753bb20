import type { NetworkContact, Purpose } from '#shared/model/settings.ts'

/** Counts every contact with another host; the counts are what the network log shows. */
export type NetworkLog = {
  record(contact: { host: string; port: number; protocol: NetworkContact['protocol']; purpose: Purpose; failed: boolean }): void
  list(): NetworkContact[]
  clear(): void
}
