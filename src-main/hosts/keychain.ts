import type { Keychain } from '#engine/platform.ts'
import { fail, ok, type Result } from '#shared/failure.ts'

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
  }
}

/** Where a host has no keychain to offer. */
export const noKeychain: Keychain = {
  read: async () => fail('vault-no-keychain', { reason: 'none' }),
  write: async () => fail('vault-no-keychain', { reason: 'none' }),
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
    return fail('vault-no-keychain', { reason: reasonOf(error) }, 'later')
  }
}

function expiry(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('locked')), { once: true })
  })
}

/** The library gives every error the same code, so its words are all there is; they are not passed on. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : ''
  if (/lock|dismiss|prompt|abort/i.test(text)) return 'locked'
  if (/collection/i.test(text)) return 'no-collection'
  if (/dbus|d-bus|bus|connect|service/i.test(text)) return 'no-service'
  return 'unknown'
}
