import type { Result } from '#shared/failure.ts'
import type { VaultState } from '#shared/model/vault.ts'
import type { Client } from '../../client/client.ts'

/** What can be done with the key, one form at a time. */
export type VaultFormId =
  | 'set-passphrase'
  | 'use-passphrase'
  | 'change-passphrase'
  | 'use-keychain'
  | 'rotate'
  | 'start-anew-keychain'
  | 'start-anew-passphrase'

type VaultForm = {
  readonly label: string
  readonly asks: { readonly current: boolean; readonly next: boolean }
  readonly explanation: string
  readonly submit: string
  readonly done: string
  readonly danger?: boolean
  run(
    client: Client,
    given: { current: string; next: string },
    options: CallOptions,
  ): Promise<Result<unknown>>
}
type CallOptions = { context: { timeoutMs: number } }

const newOnly = { current: false, next: true }
const lossWords =
  'What the old key sealed stays where it is, but nothing opens it any more: those passwords must be entered again.'

export const vaultForms: Record<VaultFormId, VaultForm> = {
  'set-passphrase': {
    label: 'Set a passphrase',
    asks: newOnly,
    explanation:
      'Rookery will ask for it at each start. Write it down somewhere safe: nobody can bring it back, and without it nothing that is sealed can be opened.',
    submit: 'Set the passphrase',
    done: 'Passphrase set',
    run: (client, { next }, options) => client.vault.usePassphrase({ passphrase: next }, options),
  },
  'use-passphrase': {
    label: 'Use a passphrase instead',
    asks: newOnly,
    explanation:
      'A new key is made and sealed under the passphrase, every secret is sealed anew, and the keychain forgets the old key. Rookery will ask for the passphrase at each start; nobody can bring it back.',
    submit: 'Use this passphrase',
    done: 'The key is under your passphrase',
    run: (client, { next }, options) => client.vault.usePassphrase({ passphrase: next }, options),
  },
  'change-passphrase': {
    label: 'Change the passphrase',
    asks: { current: true, next: true },
    explanation:
      'A new key is made too, so an old copy of the data together with the old passphrase opens nothing new.',
    submit: 'Change it',
    done: 'Passphrase changed',
    run: (client, { current, next }, options) => client.vault.changePassphrase({ current, next }, options),
  },
  'use-keychain': {
    label: 'Move the key to the keychain',
    asks: { current: true, next: false },
    explanation:
      'Rookery then opens the vault by itself for as long as you are logged in, and asks for no passphrase.',
    submit: 'Move the key',
    done: 'The key is in the keychain',
    run: (client, { current }, options) => client.vault.useKeychain({ passphrase: current }, options),
  },
  rotate: {
    label: 'Make a new key',
    asks: { current: true, next: false },
    explanation:
      'Every secret is sealed anew with a new key under the same passphrase. Old copies of the data stay with the old key.',
    submit: 'Make the new key',
    done: 'Everything is sealed with a new key',
    run: (client, { current }, options) => client.vault.rotate({ passphrase: current }, options),
  },
  'start-anew-keychain': {
    label: 'Start with a new key in the keychain',
    asks: { current: false, next: false },
    explanation: lossWords,
    submit: 'Start with a new key',
    done: 'A new key is in use',
    danger: true,
    run: (client, _given, options) => client.vault.startAnew({ passphrase: null }, options),
  },
  'start-anew-passphrase': {
    label: 'Start with a new passphrase',
    asks: newOnly,
    explanation: lossWords,
    submit: 'Start with this passphrase',
    done: 'A new key is in use',
    danger: true,
    run: (client, { next }, options) => client.vault.startAnew({ passphrase: next }, options),
  },
}

/** What is offered as the vault stands. */
export function formsFor({ state, place }: VaultState): VaultFormId[] {
  if (state === 'empty') return ['set-passphrase']
  if (state === 'locked' && place === 'keychain') return []
  if (state !== 'open') return ['start-anew-passphrase', 'start-anew-keychain']
  return place === 'passphrase' ? ['change-passphrase', 'use-keychain', 'rotate'] : ['use-passphrase']
}
