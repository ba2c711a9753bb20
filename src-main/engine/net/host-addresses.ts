import type { Ask } from '#shared/model/lookup.ts'
import type { HostAddresses } from './https.ts'

/** The addresses of a host by its A and AAAA records; absent only when both could be looked up. */
export async function hostAddresses(host: string, ask: Ask): Promise<HostAddresses> {
  const [four, six] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')])
  const addresses = [four, six].flatMap(answer => (answer.state === 'found' ? answer.values : []))
  if (addresses.length > 0) return { state: 'found', addresses }
  const open = [four, six].find(answer => answer.state === 'unavailable')
  return open?.state === 'unavailable' ? { state: 'unavailable', reason: open.reason } : { state: 'absent' }
}
