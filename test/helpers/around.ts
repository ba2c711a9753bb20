import type { AuditSource } from '#engine/domains/source.ts'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { HttpsAnswer, SmtpAnswer } from '#shared/model/exchange.ts'
import type { MoreCheckId } from '#shared/model/finding.ts'
import type { AskAt, Lookup, RecordType, UnavailableReason } from '#shared/model/lookup.ts'
import { type Zone, type ZoneText, zone } from './zone.ts'

type PageAnswered = Extract<HttpsAnswer, { state: 'answered' }>
type SmtpAnswered = Extract<SmtpAnswer, { state: 'answered' }>

/** What a nameserver does when it is asked directly: answer from its zone, or as one that does not hold it. */
export type Nameserver =
  | ZoneText
  | 'refuses'
  | 'silent'
  /** Answers like a resolver: without authority. */
  | { readonly resolves: ZoneText }
  /** Names those that hold the zone. */
  | { readonly refers: { readonly zone: string; readonly hosts: readonly string[] } }

/** What stands around the DNS of a test. Without a part the source cannot reach that kind of thing at all. */
export type Around = {
  /** By IP address; another one is silent. */
  readonly servers?: Readonly<Record<string, Nameserver>>
  /** By URL; another one has no address. `body` alone is a plain text page. */
  readonly pages?: Readonly<
    Record<string, Partial<PageAnswered> | Pick<Extract<HttpsAnswer, { state: 'failed' }>, 'fault'>>
  >
  /** By host; another one is silent. */
  readonly mail?: Readonly<Record<string, Partial<SmtpAnswered>>>
  /** Decides per direct question, page or mail server, by its address, URL or host; what it returns wins. */
  readonly unreachable?: (what: string, name: string, type: string) => UnavailableReason | null
  readonly trackingHost?: string | null
  readonly more?: readonly MoreCheckId[] | null
  readonly selectors?: readonly string[]
  readonly guessSelectors?: boolean
  readonly dmarcEvidence?: DmarcEvidence | null
}

export function sourceAround(world: Zone, around: Around): AuditSource {
  const { servers, pages, mail, unreachable = () => null } = around
  const askAt: AskAt = async <T extends RecordType>(
    address: string,
    name: string,
    type: T,
  ): Promise<Lookup<T>> => {
    const off = unreachable(address, name, type)
    const server = servers?.[address] ?? 'silent'
    const failed = (reason: UnavailableReason): Lookup<T> => ({
      state: 'unavailable',
      name,
      type,
      reason,
      server: address,
      detail: null,
    })
    if (off !== null) return failed(off)
    if (server === 'silent') return failed('timeout')
    if (server === 'refuses') return failed('refused')
    if (isReferring(server)) return { ...failed('refused'), referral: server.refers } as Lookup<T>
    const text = isResolving(server) ? server.resolves : server
    const answer = await zone(text).ask(name, type)
    if (answer.state === 'unavailable') return answer
    return { ...answer, server: address, authoritative: !isResolving(server) }
  }
  return {
    ask: world.ask,
    queries: () => world.calls.length,
    ...(servers ? { askAt } : {}),
    ...(pages
      ? {
          fetchHttps: async url => {
            const off = unreachable(url, url, 'GET')
            const page = pages[url]
            if (off !== null) return { state: 'unavailable', url, address: null, reason: off }
            if (page === undefined)
              return { state: 'failed', url, address: null, fault: 'no-address', detail: null }
            if ('fault' in page)
              return { state: 'failed', url, address: '127.0.0.1', fault: page.fault, detail: null }
            const { address, status, contentType, body, validToAt } = { ...plainPage, ...page }
            return { state: 'answered', url, address, status, contentType, body, validToAt }
          },
        }
      : {}),
    ...(mail
      ? {
          probeSmtp: async (host, [address = '']) => {
            const off = unreachable(host, host, 'SMTP')
            const server = mail[host]
            if (off !== null || server === undefined)
              return { state: 'unavailable', host, address, reason: off ?? 'timeout' }
            const { startTls, tls, handshake } = { ...goodServer, ...server }
            return { state: 'answered', host, address, startTls, tls, handshake }
          },
        }
      : {}),
  }
}

const plainPage = {
  address: '127.0.0.1',
  status: 200,
  contentType: 'text/plain; charset=utf-8',
  body: '',
  validToAt: null,
}

export const goodTls: NonNullable<SmtpAnswered['tls']> = {
  protocol: 'TLSv1.3',
  problem: null,
  names: [],
  validToAt: 1_000_000_000_000,
  chain: [],
}
const goodServer = { startTls: true, tls: goodTls, handshake: null }

type Resolving = Extract<Nameserver, { resolves: ZoneText }>
type Referring = Extract<Nameserver, { refers: unknown }>

function isResolving(server: ZoneText | Resolving): server is Resolving {
  return 'resolves' in server
}

function isReferring(server: ZoneText | Resolving | Referring): server is Referring {
  return 'refers' in server
}

/** Pass this to `createEngine`: nothing is reached but what the resolver answers. */
export const closedOutside = () => null
