import { type IpRange, readIpAddress } from '#shared/mail-auth/ip-range.ts'
import { parseSpf } from '#shared/mail-auth/parse-spf.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { TxtValue } from '#shared/model/lookup.ts'
import { limits } from '../net/limits.ts'
import { selectSpf } from './checks/spf-selection.ts'

/** Addresses that SPF lets send, and the name in the domain's own record that leads to them; null for its own. */
export type SendingRange = { readonly range: IpRange; readonly via: string | null }

/**
 * The addresses that the last audit found in the SPF record of its domain and in what it includes, by ip4 and ip6 alone:
 * whoever has a name there needs no further look-up to be known. Empty without a record. Pure.
 */
export function sendingRanges(report: Pick<AuditReport, 'domain' | 'raw'> | null): SendingRange[] {
  if (report === null) return []
  const records = new Map<string, string>()
  for (const { name, type, at, data } of report.raw) {
    if (type !== 'TXT' || at !== undefined) continue
    // Of a TXT answer the values are what was read of one.
    const [record] = selectSpf(data as TxtValue[])
    if (record !== undefined) records.set(name, record)
  }
  const ranges: SendingRange[] = []
  const seen = new Set<string>()
  const walk = (name: string, via: string | null, depth: number) => {
    const parsed = parseSpf(records.get(name) ?? '')
    if (!parsed.ok || seen.has(name) || depth > limits.spfDepth) return
    seen.add(name)
    for (const term of parsed.record.terms) {
      if (term.kind === 'modifier') {
        if (term.name === 'redirect')
          walk(term.value.toLowerCase(), via ?? term.value.toLowerCase(), depth + 1)
        continue
      }
      const network = term.address === null ? null : readIpAddress(term.address)
      if (network !== null) {
        const prefix = network.family === 4 ? (term.prefix4 ?? 32) : (term.prefix6 ?? 128)
        if (prefix >= leastPrefix[network.family]) ranges.push({ range: { network, prefix }, via })
      }
      const target = term.domain?.toLowerCase().replace(/\.$/, '')
      if (term.mechanism === 'include' && target !== undefined && !term.macro)
        walk(target, via ?? target, depth + 1)
    }
  }
  walk(report.domain, null, 0)
  return ranges
}

/** A range that holds a good part of all addresses names nobody. */
const leastPrefix = { 4: 8, 6: 16 } as const
