import { z } from 'zod'
import { vaultSchema } from './vault.ts'

/** Whose domains are open: the person's own, or those of the demo, which no network serves. */
export const workspaceSchema = z.enum(['own', 'demo'])
export type Workspace = z.infer<typeof workspaceSchema>

/** What differs between hosts, as values. Nothing asks which host it is. */
export const hostInfoSchema = z.object({
  /** Who opens an external link: the host, or the page itself in a new tab. */
  opensLinks: z.enum(['host', 'page']),
  /** Room the window's own buttons need in the title bar, in CSS pixels. */
  titleBarInset: z.object({ left: z.number(), right: z.number() }),
  dataFolder: z.string().nullable(),
  workspace: workspaceSchema,
})
export type HostInfo = z.infer<typeof hostInfoSchema>

export const helloSchema = z.object({
  /** Identity of this build; a window of another build must reload before it calls anything. */
  build: z.string(),
  /** Identity of the data folder; a replica of another one is thrown away. */
  dataId: z.string(),
  /** False: audits ask the DNS servers of the settings and contact nothing else, whatever the settings allow. */
  asksOutside: z.boolean(),
  host: hostInfoSchema,
})
export type Hello = z.infer<typeof helloSchema>

/** What the status bar shows. */
export const engineStatusSchema = z.object({
  queriesInFlight: z.number().int(),
  checksRunning: z.number().int(),
  checksQueued: z.number().int(),
  /** Whether the last attempts to reach a DNS server got an answer; `unknown` before the first. */
  network: z.enum(['online', 'offline', 'unknown']),
  vault: vaultSchema,
})
export type EngineStatus = z.infer<typeof engineStatusSchema>
