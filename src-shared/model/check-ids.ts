/* Without schemas, because the window reads these lists too and must stay free of zod. */

/** The checks every audit makes; each has a typed result of its own in the report. */
export const requiredCheckIds = ['ns', 'mx', 'spf', 'dmarc', 'dkim'] as const
export type RequiredCheckId = (typeof requiredCheckIds)[number]

/** The checks beside them, in the order a person reads them. One is left out where the source cannot answer it. */
export const moreCheckIds = [
  'views',
  'zone',
  'dnssec',
  'ptr',
  'mta-sts',
  'tls-rpt',
  'tls',
  'dane',
  'subdomain',
  'tracking',
  'web',
  'caa',
  'bimi',
] as const
export type MoreCheckId = (typeof moreCheckIds)[number]

export const checkIds = [...requiredCheckIds, ...moreCheckIds] as const
export type CheckId = (typeof checkIds)[number]

/** The order a person reads the checks in: the required ones first. */
export const checkOrder: readonly CheckId[] = ['spf', 'dkim', 'dmarc', 'mx', 'ns', ...moreCheckIds]

/** The checks that rest on more than questions to DNS servers. */
const rests: Partial<Record<CheckId, 'direct' | 'smtp'>> = { views: 'direct', tls: 'smtp' }

/** The checks an audit makes that reaches so far, in the order a person reads them. */
export function checksWithin(reach: { readonly direct: boolean; readonly smtp: boolean }): CheckId[] {
  return checkOrder.filter(check => {
    const needed = rests[check]
    return needed === undefined || reach[needed]
  })
}

export function isRequiredCheck(check: CheckId): check is RequiredCheckId {
  return (requiredCheckIds as readonly CheckId[]).includes(check)
}
