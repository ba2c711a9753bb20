import { checkHost } from '#engine/domains/check-host/check-host.ts'
import type { CheckHostResult, CheckHostVerdict } from '#shared/model/check-host.ts'
import { type Zone, zone, type ZoneOptions, type ZoneText } from '../../helpers/zone.ts'

export const four = '192.0.2.7'
export const six = '2001:db8::7'
export const sixReverse = '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'

export type Asking = { ip?: string; from?: string; helo?: string; options?: ZoneOptions }

/** check_host over a literal zone: 192.0.2.7 sends for ann@d.example unless told otherwise. */
export async function askHost(
  text: ZoneText,
  asking: Asking = {},
): Promise<CheckHostResult & { zone: Zone }> {
  const world = zone(text, asking.options)
  const { ip = four, from = 'ann@d.example', helo = 'helo.example' } = asking
  const answer = await checkHost({ ip, mailFrom: from, helo, now: 1_700_000_000_000 }, world.ask)
  return { ...answer, zone: world }
}

/** The zone of d.example with this record, and of others beside it. */
export function record(text: string, others: ZoneText = {}): ZoneText {
  const own = others['d.example'] ?? {}
  return { ...others, 'd.example': { ...own, TXT: [text] } }
}

/** A name with one SPF record. */
export const spf = (text: string) => ({ TXT: [text] })

/** One vector: what it shows, the zone, the result; and who asks, when it is not the usual sender. */
export type Vector = readonly [shows: string, text: ZoneText, result: CheckHostVerdict, asking?: Asking]
