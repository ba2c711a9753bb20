import type { Notification } from '#engine/platform.ts'
import type { Failure } from '#shared/failure.ts'
import type { EngineStatus, HostInfo, Workspace } from '#shared/model/host.ts'

/** From the main process to the engine's. A `connect` carries the window's port. */
export type ToEngine =
  | {
      readonly kind: 'start'
      readonly dataDir: string
      readonly verbose: boolean
      readonly dnsOnly: boolean
      readonly host: Omit<HostInfo, 'dataFolder' | 'workspace'>
      readonly workspace: Workspace
    }
  | { readonly kind: 'connect'; readonly wire: number }
  | { readonly kind: 'disconnect'; readonly wire: number }
  | { readonly kind: 'opened'; readonly call: number; readonly opened: boolean }
  | { readonly kind: 'stop' }

/** From the engine's process to the main one. */
export type FromEngine =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'open'; readonly call: number; readonly url: string }
  | { readonly kind: 'notify'; readonly notification: Notification }
  | { readonly kind: 'status'; readonly status: EngineStatus }
