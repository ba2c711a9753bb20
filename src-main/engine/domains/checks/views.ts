import type { AuditRow, CheckState, RecordView, ViewedServer } from '#shared/model/audit.ts'
import type { AskAt, Lookup, RecordType } from '#shared/model/lookup.ts'
import { defineCheck, type Judged, type Needed } from './check.ts'
import { compareViews } from './compare-views.ts'
import type { SelectorAnswer } from './dkim-answers.ts'
import { baseRow, openReason, valuesOf } from './row.ts'
import { finding, verdictOf } from './rules.ts'
import { isLame, type ZoneServer } from './zone.ts'

export type ViewsFacts = {
  readonly domain: string
  readonly views: readonly RecordView[]
  /** What the resolver answered for each. */
  readonly answers: readonly Lookup[]
}

/** A record that has to be published, as the resolver answered for it. */
type Watched = { readonly row: string; readonly answer: Lookup }

/** Servers asked for each record, and DKIM selectors looked at: what shows a difference soon, without asking for ever. */
const serversAsked = 4
const selectorsWatched = 4

/** Asks the zone's nameservers for every required record, each directly, and sets that beside what the resolver said. */
async function gatherViews(
  domain: string,
  askAt: AskAt,
  needed: Needed<'mx' | 'spf' | 'dmarc' | 'dkim' | 'zone'>,
): Promise<ViewsFacts> {
  const [mx, spf, dmarc, dkim, zone] = await Promise.all([
    needed.mx,
    needed.spf,
    needed.dmarc,
    needed.dkim,
    needed.zone,
  ])
  const own = dmarc.facts.steps[0]?.answer
  const watched: Watched[] = [
    { row: 'spf', answer: spf.facts.txt },
    ...selectorsOf(dkim.facts.tried).map(({ selector, answer }) => ({ row: `dkim:${selector}`, answer })),
    ...(own === undefined ? [] : [{ row: 'dmarc', answer: own }]),
    { row: 'mx', answer: mx.facts.mx },
  ]
  const { servers } = zone.facts
  const asked = servers.slice(0, serversAsked)
  const views = await Promise.all(
    watched.map(async ({ row, answer }): Promise<RecordView> => {
      const seen = seenByResolver(answer)
      const answers = await Promise.all(asked.map(server => askServer(server, servers, seen, askAt)))
      const compared = compareViews(seen, answers)
      return { row, name: seen.name, type: seen.type, ...compared, resolver: seen.values, servers: answers }
    }),
  )
  return { domain, views, answers: watched.map(({ answer }) => answer) }
}

/** Those that are there, or whose alias leads nowhere yet. A name that was only guessed is not missed anywhere. */
function selectorsOf(tried: readonly SelectorAnswer[]): SelectorAnswer[] {
  const there = tried.filter(
    ({ answer }) => answer.state === 'found' || (answer.state === 'absent' && answer.aliases.length > 0),
  )
  return there.slice(0, selectorsWatched)
}

type Seen = {
  readonly name: string
  readonly type: RecordType
  readonly state: 'found' | 'absent' | 'unavailable'
  readonly values: string[]
  readonly ttlS: number | null
}

/** Of a name with an alias only the alias itself is the zone's own to answer. */
function seenByResolver(answer: Lookup): Seen {
  const { name } = answer
  if (answer.state === 'unavailable')
    return { name, type: answer.type, state: 'unavailable', values: [], ttlS: null }
  const [target] = answer.aliases
  if (target !== undefined)
    return { name, type: 'CNAME', state: 'found', values: [target], ttlS: answer.ttlS }
  return { name, type: answer.type, state: answer.state, values: valuesOf(answer), ttlS: answer.ttlS }
}

async function askServer(
  server: ZoneServer,
  servers: readonly ZoneServer[],
  { name, type }: Seen,
  askAt: AskAt,
): Promise<ViewedServer> {
  const { host } = server
  const address = server.addresses[0] ?? null
  if (isLame(server, servers)) return { host, address, state: 'lame', values: [], reason: null }
  const notAnswered = (reason: string): ViewedServer => ({
    host,
    address,
    state: 'unavailable',
    values: [],
    reason,
  })
  if (address === null || server.soa === null) return notAnswered('not-asked')
  const answer = await askAt(address, name, type)
  if (answer.state === 'unavailable') return notAnswered(answer.reason)
  // Only the zone's own word counts: what else stands there may be a cache.
  if (!answer.authoritative) return notAnswered('refused')
  return { host, address, state: answer.state, values: valuesOf(answer), reason: null }
}

/** Whether the nameservers agree (RFC 1034 §4.2.2). A resolver that is behind is no fault: it only takes time. Pure. */
function judgeViews({ views }: ViewsFacts): Judged {
  const findings = views
    .filter(({ state }) => state === 'differs')
    .map(({ name, type, servers }) => finding('views.differs', { name, type, servers: servers.map(said) }))
  const complete = views.every(({ state }) => state !== 'unavailable')
  const state: CheckState['state'] = views.some(view => view.state !== 'unavailable')
    ? 'found'
    : 'unavailable'
  return { result: { state, verdict: verdictOf(findings, complete) }, findings }
}

function said({ host, state, values }: ViewedServer): string {
  return `${host}: ${state === 'found' ? values.join(' | ') : state}`
}

function viewsRow({ domain, views, answers }: ViewsFacts, { result, findings }: Judged): AuditRow {
  const open = views.flatMap(({ servers }) => servers).find(({ reason }) => reason !== null)
  return {
    ...baseRow('views', 'DNS', undefined, findings),
    name: domain,
    state: result.state,
    verdict: result.verdict,
    reason: result.verdict === 'unavailable' ? (openReason(answers) ?? open?.reason ?? 'not-asked') : null,
    server: open?.host ?? null,
  }
}

export const viewsCheck = defineCheck({
  id: 'views',
  needs: ['mx', 'spf', 'dmarc', 'dkim', 'zone'],
  isPossible: ({ askAt }) => askAt !== null,
  gather: ({ domain, askAt }, needed) =>
    askAt === null ? noViews(domain) : gatherViews(domain, askAt, needed),
  judge: judgeViews,
  rows: (facts, judged) => [viewsRow(facts, judged)],
  views: ({ views }) => [...views],
})

async function noViews(domain: string): Promise<ViewsFacts> {
  return { domain, views: [], answers: [] }
}
