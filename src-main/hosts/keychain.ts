import type { Keychain } from '#engine/platform.ts'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { KeychainTrouble } from '#shared/model/vault-values.ts'

const service = 'org.rookery.app'
/** A locked keychain waits for a person to type its password; nobody may be there. */
const withinMs = 30_000

/**
 * The keychain of the operating system: Keychain, Credential Manager, or the Secret Service on Linux, which is asked for
 * by name because the library would else fall back to a store that forgets everything at the next start. Secrets are
 * kept as base64, which every keychain's own window can show without harm.
 */
export function systemKeychain(): Keychain {
  return {
    read: name =>
      guarded(async signal => {
        const text = await (await entryOf(name)).getPassword(signal)
        return text === null ? null : Buffer.from(text, 'base64')
      }),
    write: (name, secret) =>
      guarded(async signal => {
        await (await entryOf(name)).setPassword(Buffer.from(secret).toString('base64'), signal)
        return null
      }),
    remove: name =>
      guarded(async signal => {
        await (await entryOf(name)).deletePassword(signal)
        return null
      }),
  }
}

async function entryOf(name: string) {
  // Loaded at the first secret: most runs need none, and a system without the native part must still start.
  const { AsyncEntry } = await import('@napi-rs/keyring')
  return new AsyncEntry(service, name, { linux: { store: 'secret-service' } })
}

async function guarded<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Result<T, 'vault-no-keychain'>> {
  const signal = AbortSignal.timeout(withinMs)
  try {
    return ok(await Promise.race([work(signal), expiry(signal)]))
  } catch (error) {
    return fail('vault-no-keychain', { reason: troubleOf(error) }, 'later')
  }
}

function expiry(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('locked')), { once: true })
  })
}

/**
 * What is in the way, from the words of the library: it gives every error the same code. The words are not passed on.
 * Those of Linux were taken from real ones: no bus, a bus without a Secret Service, one without a keyring, a locked one.
 */
export function troubleOf(error: unknown): KeychainTrouble {
  const text = error instanceof Error ? error.message : ''
  if (/native binding|cannot find module|dlopen/i.test(text)) return 'none'
  if (/lock|dismiss|prompt|abort|interaction is not allowed/i.test(text)) return 'locked'
  if (/no result found|collection/i.test(text)) return 'no-collection'
  if (/org\.freedesktop\.secrets|service files|ServiceUnknown/i.test(text)) return 'no-service'
  if (/d-?bus|autolaunch|socket|connect/i.test(text)) return 'no-bus'
  return 'unknown'
}
