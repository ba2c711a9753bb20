import type { AuditReport, AuditRow, RecordView } from '../model/audit.ts'
import type { MoreCheckId } from '../model/check-ids.ts'
import { countOf, listOf } from './phrases.ts'
import { unavailableClause } from './unavailable.ts'
import { duration } from './times.ts'

type Said = {
  readonly row: AuditRow | undefined
  readonly found: readonly string[]
  readonly report: AuditReport
}

/** What one of the further checks found. What could not be looked up beside it is said too. */
export function moreSentence(report: AuditReport, check: MoreCheckId): string {
  const row = report.rows.find(one => one.check === check)
  const { published, absent } = sentences[check]
  const said = row?.state === 'found' ? published({ row, found: row.found, report }) : absent
  if (row?.state !== 'found' || row.verdict !== 'unavailable' || row.reason === null) return said
  if (row.reason === 'not-asked') return `${said} The rest was not asked.`
  return `${said} The rest could not be looked up: ${unavailableClause(row.reason, row.server)}.`
}

/** A sentence for what is there, and one for its absence, which is no fault in any of these. */
type Sentences = { readonly published: (said: Said) => string; readonly absent: string }

const sentences: Record<MoreCheckId, Sentences> = {
  views: { published: ({ report }) => viewsSentence(report.views), absent: 'No record could be compared.' },
  zone: { published: ({ report }) => zoneSentence(report), absent: 'No SOA record was found.' },
  dnssec: {
    published: ({ found }) => `Signed: ${countOf(found.length, 'DS record')} at the registrar.`,
    absent: 'Not signed. Most domains are not.',
  },
  ptr: {
    published: ({ found }) => `${listOf(found.map(asArrow), 2, 60)}.`,
    absent: 'No address of your own is listed in SPF, or none has a name.',
  },
  'mta-sts': { published: () => 'A policy is announced.', absent: 'Not published. It is optional.' },
  'tls-rpt': { published: () => 'Reports are asked for.', absent: 'Not published. It is optional.' },
  tls: { published: ({ found }) => `${listOf(found, 2, 60)}.`, absent: 'There is no mail server to ask.' },
  dane: {
    published: ({ found }) => `${countOf(found.length, 'TLSA record')}.`,
    absent: 'Not published. It is optional.',
  },
  subdomain: {
    published: ({ found }) =>
      found.length === 0
        ? 'Sends under the policy of the domain above or its own.'
        : `In use: ${listOf(found, 3, 60)}.`,
    absent: 'No subdomain for bounces is in use.',
  },
  tracking: { published: ({ found }) => aliasesSentence(found), absent: 'No usual name is an alias.' },
  web: { published: ({ found }) => `${listOf(found, 2)}.`, absent: 'There is no address for a website.' },
  caa: {
    published: ({ found }) => `${listOf(found, 2, 50)}.`,
    absent: 'Not published, so every authority may issue certificates.',
  },
  bimi: { published: () => 'A logo is announced.', absent: 'Not published. It is optional.' },
}

function aliasesSentence(found: readonly string[]): string {
  return found.length === 0 ? 'The tracking name has an address.' : `${listOf(found.map(asArrow), 2, 70)}.`
}

function asArrow(alias: string): string {
  return alias.replace(' ', ' → ')
}

function zoneSentence({ ns, rows }: AuditReport): string {
  const serial = rows.find(({ check }) => check === 'zone')?.found[0]?.split(' ')[2]
  const servers = countOf(ns.hosts.length, 'nameserver')
  return serial === undefined ? `${servers}.` : `${servers}, serial number ${serial}.`
}

function viewsSentence(views: readonly RecordView[]): string {
  const count = (state: RecordView['state']) => views.filter(view => view.state === state).length
  const [old] = views.filter(view => view.state === 'resolver-old')
  if (count('differs') > 0)
    return `${countOf(count('differs'), 'record')} of ${views.length} ${count('differs') === 1 ? 'differs' : 'differ'} between the nameservers.`
  if (old !== undefined) return `${old.type} ${old.name}: ${viewSentence(old)}`
  const same = count('same') + count('lame')
  return `${same} of ${countOf(views.length, 'record')} are the same at every nameserver and in your resolver.`
}

/** Where one record stands, as the record card says it. */
export function viewSentence({ state, ttlS, servers }: RecordView): string {
  const rest = ttlS === null || ttlS <= 0 ? 'for a moment' : `for ${duration(ttlS * 1_000)}`
  const isThere = servers.some(server => server.state === 'found')
  switch (state) {
    case 'same':
      return isThere
        ? 'Published: every nameserver and your resolver give this answer.'
        : 'Not published: every nameserver and your resolver say that there is none.'
    case 'resolver-old':
      return isThere
        ? `Published at your provider. Your resolver still has the old answer ${rest}.`
        : `Taken away at your provider. Your resolver still has the old answer ${rest}.`
    case 'differs':
      return 'The nameservers give different answers; which one is seen is chance.'
    case 'lame': {
      const lame = servers.filter(server => server.state === 'lame').map(({ host }) => host)
      return `${isThere ? 'Published' : 'Not published'}, but ${listOf(lame, 2, 60)} does not hold the domain and gives no answer.`
    }
    case 'unavailable':
      return 'The nameservers could not be asked directly. Nothing is known to be wrong.'
  }
}
