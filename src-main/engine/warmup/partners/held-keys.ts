import type { Log } from '../../platform.ts'
import type { Secrets } from '../../vault/secrets.ts'
import { tokenHeader } from '../token.ts'
import type { PartnerEntry } from './store.ts'

/** What an agreement keeps in the vault: our half of the key until they answered, then what both have in common. */
export type PartnerSecret = {
  readonly privateKey?: string
  readonly publicKey?: string
  readonly token?: string
  readonly texts?: string
}

export const partnerSecretName = (id: string) => `warmup-partner-${id}`

export function parsePartnerSecret(text: string | null): PartnerSecret {
  const value: unknown = text === null ? null : JSON.parse(text)
  return typeof value === 'object' && value !== null ? value : {}
}

type Held = { readonly id: string; readonly key: Uint8Array; readonly header: string }

/** The keys that mail of partners is known by, in memory while the agreement stands. */
export type HeldKeys = {
  keyOf(partnerId: string): Uint8Array | null
  all(): readonly Uint8Array[]
  /** The partner whose token header a message has, or null. */
  ownerOf(headers: ReadonlyMap<string, string>): Held | null
  /** Reads what is not at hand; one that cannot be read is tried again at the next look. */
  read(partners: readonly PartnerEntry[]): Promise<void>
}

export function createHeldKeys(vault: Pick<Secrets, 'read'>, log: Log): HeldKeys {
  let held: ReadonlyMap<string, Held> = new Map()
  return {
    keyOf: id => held.get(id)?.key ?? null,
    all: () => [...held.values()].map(({ key }) => key),
    ownerOf: headers => [...held.values()].find(({ header }) => headers.has(header)) ?? null,
    read: async partners => {
      const agreed = partners.filter(({ stage }) => stage === 'agreed')
      if (agreed.length === 0 && held.size === 0) return
      const next = new Map<string, Held>()
      for (const { id } of agreed) {
        const known = held.get(id) ?? (await readOne(vault, id))
        if (known === null) log.warn('warmup-partner-key-missing')
        else next.set(id, known)
      }
      held = next
    },
  }
}

async function readOne(vault: Pick<Secrets, 'read'>, id: string): Promise<Held | null> {
  const kept = await vault.read(partnerSecretName(id))
  const { token } = parsePartnerSecret(kept.ok ? kept.value : null)
  if (token === undefined) return null
  const key = new Uint8Array(Buffer.from(token, 'base64'))
  return { id, key, header: tokenHeader(key).toLowerCase() }
}
