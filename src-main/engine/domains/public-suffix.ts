import { parse } from 'tldts'

/** The registrable domain by the ICANN section of the public suffix list, or null for a suffix itself. Pure. */
export function registrableDomain(name: string): string | null {
  return parse(name, { allowPrivateDomains: false, validateHostname: false }).domain
}
