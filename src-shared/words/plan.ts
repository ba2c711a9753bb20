import type { DmarcStep, MtaStsMode, PlanPart, RecordPlan, RequiredRecord } from '../model/record-plan.ts'
import { checkWords } from './checks.ts'
import { listOf } from './phrases.ts'

/** What a part of the plan is called, and what it is for. */
export const planPartWords: Record<PlanPart, { name: string; gloss: string }> = {
  spf: checkWords.spf,
  dkim: checkWords.dkim,
  dmarc: checkWords.dmarc,
  mx: checkWords.mx,
  'mta-sts': {
    name: 'MTA-STS',
    gloss:
      'Tells senders to deliver to this domain only over verified encryption. Needs a small file on the web.',
  },
  'tls-rpt': { name: 'TLS-RPT', gloss: 'Asks senders to report when they cannot deliver encrypted.' },
  tracking: { name: 'Tracking', gloss: 'Links and opens are counted under your own name.' },
}

export const actionWords: Record<RequiredRecord['action'], string> = {
  add: 'Add',
  replace: 'Replace',
  keep: 'In place',
  provider: 'Get it from your mail provider',
}

/** The steps of a DMARC policy: what each does, and when to take the one after it. */
export const dmarcStepWords: Record<DmarcStep, { name: string; does: string; next: string }> = {
  none: {
    name: 'Watch',
    does: 'Receivers change nothing and send you reports (p=none).',
    next: 'Go on to Quarantine when the reports of two weeks show every service of yours passing SPF or DKIM.',
  },
  quarantine: {
    name: 'Quarantine',
    does: 'Mail that fails goes to the spam folder (p=quarantine).',
    next: 'Go on to Reject when two to four weeks have brought no complaint and no failing service of yours.',
  },
  reject: {
    name: 'Reject',
    does: 'Mail that fails is refused, so nobody else can send as you (p=reject).',
    next: 'This is the last step. Keep reading the reports when you add a service.',
  },
}

export const mtaStsModeWords: Record<MtaStsMode, { name: string; does: string }> = {
  testing: {
    name: 'Testing',
    does: 'Senders report faults and deliver all the same. Begin here, with TLS-RPT, for two weeks.',
  },
  enforce: {
    name: 'Enforce',
    does: 'Senders deliver only over verified encryption. Every mail server needs a certificate for its name.',
  },
}

/** A sentence when a step is jumped or taken back: nobody should learn from lost mail which service was forgotten. */
export function dmarcCaution({ dmarc: { published, planned } }: Pick<RecordPlan, 'dmarc'>): string | null {
  if (published !== null && planned !== null && strength[planned] < strength[published])
    return 'This is weaker than what is published now. It is right only while a service of yours is failing.'
  if (planned !== 'reject' && planned !== 'quarantine') return null
  if (published === null)
    return 'Nothing is published yet. Begin with Watch, unless you know every service that sends for you.'
  return published === 'none' && planned === 'reject'
    ? 'This leaves out Quarantine. A service you forgot would lose its mail at once.'
    : null
}

const strength: Record<DmarcStep, number> = { none: 0, quarantine: 1, reject: 2 }

/** Why a part that was chosen is not in the plan, or null. */
export function leftOutSentence({ leftOut }: Pick<RecordPlan, 'leftOut'>): string | null {
  if (leftOut.length === 0) return null
  const names = listOf(leftOut.map(part => planPartWords[part].name))
  return `No server is known that takes mail for this domain, so ${names} ${leftOut.length > 1 ? 'are' : 'is'} left out.`
}
