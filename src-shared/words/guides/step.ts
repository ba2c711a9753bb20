import type { GuideStep } from '../../model/guide.ts'
import type { RequiredRecord } from '../../model/record-plan.ts'

export type RecordType = RequiredRecord['type']

/** A step, and whether it is for a new record or for one that stands there. */
export type Step = GuideStep & { readonly when?: 'add' | 'replace' }
export type Pitfall = { readonly text: string; readonly onlyFor?: readonly RecordType[] }
export type OwnGuide = { readonly title: string; readonly steps: readonly Step[] }

export const aliases: readonly RecordType[] = ['CNAME']
export const texts: readonly RecordType[] = ['TXT']
export const mail: readonly RecordType[] = ['MX']
export const targets: readonly RecordType[] = ['CNAME', 'MX']
