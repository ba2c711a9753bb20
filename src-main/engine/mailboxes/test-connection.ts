import type {
  ConnectionEvent,
  ConnectionResult,
  ConnectionSettings,
  Credential,
} from '#shared/model/connection.ts'
import type { ConnectionTestOptions } from './options.ts'

/** Tests a mailbox phase by phase. */
export async function* testConnection(
  _settings: ConnectionSettings,
  _credential: Credential,
  _options: ConnectionTestOptions,
): AsyncGenerator<ConnectionEvent, ConnectionResult, void> {
  yield* []
  return {
    result: 'failed',
    failures: [],
    notices: [],
    alternatives: [],
    delivery: null,
    certificate: null,
    tookMs: 0,
  }
}
