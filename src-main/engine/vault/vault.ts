import { createDataKey, type DataKey, type DataKeyOptions } from './data-key.ts'
import { createSecrets, type Secrets } from './secrets.ts'

export type Vault = Secrets & Omit<DataKey, 'atHand' | 'answers'>

/** Secrets, and the data key they are sealed with. Whatever has to keep a secret goes through this. */
export function createVault(options: DataKeyOptions): Vault {
  const { atHand, answers, ...dataKey } = createDataKey(options)
  const secrets = createSecrets(options.store, { open: dataKey.open, answers, atHand }, options.clock.now)
  return { ...dataKey, ...secrets }
}
