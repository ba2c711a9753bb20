import { isContactable } from './contactable.ts'
import { createHttpsClient, type HttpsClient } from './https.ts'
import type { NetworkLog } from './network-log.ts'
import type { ServerAddress } from './resolve.ts'
import { createSmtpProbe, type SmtpProbe } from './smtp-probe.ts'

/** Everything an audit may contact beside its resolver. */
export type Outside = {
  /** Where the nameserver with this address is asked, or null when it must not be. */
  nameserverAt(address: string): ServerAddress | null
  readonly https: HttpsClient
  readonly smtp: SmtpProbe
}

export function createOutside(options: { readonly networkLog: NetworkLog; now(): number }): Outside {
  return {
    nameserverAt: address => (isContactable(address) ? { host: address, port: 53 } : null),
    https: createHttpsClient(options),
    smtp: createSmtpProbe(options),
  }
}
