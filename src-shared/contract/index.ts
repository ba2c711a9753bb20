import { changes } from './changes.ts'
import { domains } from './domains.ts'
import { host } from './host.ts'
import { offline } from './offline.ts'
import { settings } from './settings.ts'

/** What may be asked of the engine, by every host and over every wire. */
export const contract = { domains, offline, changes, settings, host }
export type Contract = typeof contract
