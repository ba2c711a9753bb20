import { bimiCheck } from './bimi.ts'
import { caaCheck } from './caa.ts'
import type { AnyCheck } from './check.ts'
import { daneCheck } from './dane.ts'
import { dnssecCheck } from './dnssec.ts'
import { mtaStsCheck } from './mta-sts.ts'
import { ptrCheck } from './ptr.ts'
import { dkimCheck, dmarcCheck, mxCheck, nsCheck, spfCheck } from './required.ts'
import { subdomainCheck } from './subdomain.ts'
import { tlsCheck } from './tls.ts'
import { tlsRptCheck } from './tls-rpt.ts'
import { trackingCheck } from './tracking.ts'
import { viewsCheck } from './views.ts'
import { webCheck } from './web.ts'
import { zoneCheck } from './zone.ts'

/** Every check of the audit, each behind those it needs. A new one is a file, a line here, and its rules and words. */
export const registry: readonly AnyCheck[] = [
  nsCheck,
  mxCheck,
  spfCheck,
  dmarcCheck,
  dkimCheck,
  zoneCheck,
  viewsCheck,
  dnssecCheck,
  ptrCheck,
  mtaStsCheck,
  tlsRptCheck,
  tlsCheck,
  daneCheck,
  subdomainCheck,
  trackingCheck,
  webCheck,
  caaCheck,
  bimiCheck,
]
