import { isInRange } from '#shared/mail-auth/ip-address.ts'
import cloudflare from '../../../resources/cloudflare-ranges.json' with { type: 'json' }

/** Whether an address is one that Cloudflare answers with for a name behind its proxy. */
export function isCloudflare(address: string): boolean {
  return cloudflare.ranges.some(range => isInRange(address, range))
}
