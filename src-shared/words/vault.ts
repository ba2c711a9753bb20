import type { VaultState } from '../model/vault.ts'
import { isKeychainTrouble, type KeychainTrouble } from '../model/vault-values.ts'

type TroubleWords = {
  /** What is so. */
  readonly title: string
  readonly cause: string
  /** What makes it work again. */
  readonly next: string
}

/** The other way, while no key is in the keychain yet. */
export const passphraseInstead = 'Or set a passphrase in Settings; it needs no keychain.'

/** What is in the way of the keychain, one for each cause a person would mend differently. */
export const keychainWords: Record<KeychainTrouble, TroubleWords> = {
  none: {
    title: 'This Rookery has no keychain to use.',
    cause: 'It runs where the system offers none, or without the part that reaches it.',
    next: 'Start Rookery on the desktop of your system.',
  },
  'no-bus': {
    title: 'The keychain cannot be reached: there is no session bus.',
    cause: 'Rookery was started outside a desktop session, for example by a service or over SSH.',
    next: 'Start Rookery inside your session, or under dbus-run-session.',
  },
  'no-service': {
    title: 'The keychain cannot be reached: no Secret Service is running.',
    cause: 'The session has a bus, but no program on it that keeps secrets.',
    next: 'Install and start GNOME Keyring, KWallet or KeePassXC.',
  },
  'no-collection': {
    title: 'The keychain has nowhere to keep the key: it holds no keyring yet.',
    cause: 'The Secret Service runs, but its default keyring was never made.',
    next: 'Make a keyring in the passwords program of your system, or log in once with your password.',
  },
  locked: {
    title: 'The keychain is locked.',
    cause: 'It asked to be unlocked, and nobody did within 30 seconds.',
    next: 'Unlock it with its own password, then try again.',
  },
  'not-kept': {
    title: 'The keychain took a key and did not give it back.',
    cause: 'What is sealed with a key that is not kept would be lost with the next start.',
    next: 'Restart the keychain and try again.',
  },
  unknown: {
    title: 'The keychain does not answer as it should.',
    cause: 'The system gave no reason that Rookery knows.',
    next: 'Open the passwords program of your system to see whether it works, then try again.',
  },
}

export const keyGoneTitle = 'The key of the vault is gone; the passwords must be entered again.'
export const keyGoneCause =
  'The data are here, but the keychain no longer holds the key that sealed the passwords. It was emptied, or the data folder was copied from another machine or account.'

/** One short line for the frame. */
export const vaultStateWords: Record<VaultState['state'], string> = {
  empty: 'Vault empty',
  open: 'Vault open',
  locked: 'Vault locked',
  unavailable: 'Keychain away',
  'key-gone': 'Vault key gone',
}

/** How the vault stands, in a sentence and what follows from it. */
export function describeVault(vault: VaultState): { title: string; text: string } {
  const { state, place, keychain } = vault
  switch (state) {
    case 'empty':
      return isKeychainTrouble(keychain)
        ? {
            title: 'There is no safe place for passwords yet, so none can be kept.',
            text: `${keychainWords[keychain].title} ${keychainWords[keychain].next} ${passphraseInstead}`,
          }
        : {
            title: 'Nothing has been sealed yet.',
            text: 'The first password makes a key and puts it in the keychain of this system. You can set a passphrase instead.',
          }
    case 'open':
      return place === 'keychain'
        ? {
            title: 'Open. The key is in the keychain of this system.',
            text: 'Whoever copies the data folder without your keychain gets no password.',
          }
        : {
            title: 'Open. The key is sealed under your passphrase.',
            text: 'Rookery asks for the passphrase at each start. Without it, nobody can open what is sealed, and nobody can bring it back.',
          }
    case 'locked':
      return {
        title: 'Locked. Nothing that needs a password runs.',
        text: place === 'keychain' ? 'Unlock it to go on.' : 'Type the passphrase to go on.',
      }
    case 'unavailable': {
      const words = keychainWords[isKeychainTrouble(keychain) ? keychain : 'unknown']
      return { title: words.title, text: `${words.cause} ${words.next}` }
    }
    case 'key-gone':
      return {
        title: keyGoneTitle,
        text:
          place === 'passphrase'
            ? 'The part of the data file that held it was changed or damaged. If you have a copy of the data folder from before, go back to that; nothing is overwritten until you start with a new key.'
            : `${keyGoneCause} If you can bring the keychain back, do that and try again; nothing is overwritten until you start with a new key.`,
      }
  }
}
