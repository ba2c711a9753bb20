import { createHash, randomBytes } from 'node:crypto'
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, refusal, usualCodes } from './answers.ts'
import { answer, type Asked, type Rules } from './endpoints.ts'
import { createFaults, type FaultKind, type Faults } from './faults.ts'
import { labAnswer } from './lab-route.ts'
import { type Operation, route } from './operations.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { send } from './send.ts'
import { createTenantState, type TenantState } from './tenant-state.ts'

export type RecordedRequest = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly operation: Operation | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly at: number
  /** What went out; null when nothing did, or not yet. */
  status: number | null
  /** The body that went out, as it was meant to be. */
  answer: unknown
  fault: FaultKind['kind'] | null
}

export type TenantServer = {
  readonly url: string
  readonly port: number
  /** The token of the first tenant, as it is now. */
  readonly token: string
  readonly tenantId: string
  /** Every request, in full, in order. */
  readonly requests: RecordedRequest[]
  /** What the tenant has; the first one unless another is named. */
  state(tenantId?: string): TenantState
  readonly faults: Faults
  readonly rateLimit: RateLimit
  /** May be changed while it runs. */
  readonly rules: Rules & { latencyMs: number; pageDomains: number; cursors: boolean }
  /** Works on nothing until this has come; null for a server that does not wait. */
  hold(until: Promise<void> | null): void
  /** Another token for the tenant in place of those it had. */
  renewToken(tenantId?: string): string
  /** As a server that was begun anew without its memory of keys. */
  forgetKeys(): void
  stop(): Promise<void>
}

export type TenantServerWishes = {
  /** Tokens by tenant; one tenant with a random token unless given. */
  readonly tenants?: Readonly<Record<string, string>>
  readonly port?: number
  readonly latencyMs?: number
  /** The longest page. */
  readonly pageDomains?: number
  /** False for a server that answers everything each time. */
  readonly cursors?: boolean
  /** So many requests in so long; the rest is told to wait. */
  readonly rateLimit?: { readonly requests: number; readonly perMs: number; readonly as?: 'seconds' | 'date' }
  /** Speaks https with this certificate. */
  readonly certificate?: { readonly pem: string; readonly keyPem: string }
  readonly now?: () => number
  /** Called with every request before it is worked on: what other clients do meanwhile. */
  readonly onRequest?: (request: RecordedRequest, server: TenantServer) => void
}

type Tenant = { readonly state: TenantState; readonly keys: Map<string, Kept>; token: string }
/** What is known of a key: what it was used for, and how that ended; null while it is worked on. */
type Kept = { readonly print: string; answer: Answer | null }

/** A tenant server on 127.0.0.1 that keeps to `resources/tenant-api.yaml`, in memory, and goes wrong as it is told to. */
export async function createTenantServer(wishes: TenantServerWishes = {}): Promise<TenantServer> {
  const now = wishes.now ?? Date.now
  const tenants = new Map<string, Tenant>()
  for (const [id, token] of Object.entries(wishes.tenants ?? { 'tenant-1': randomToken() }))
    tenants.set(id, { state: createTenantState(now, id), keys: new Map(), token })
  const [[tenantId, first] = []] = tenants
  if (tenantId === undefined || first === undefined) throw new Error('A server has at least one tenant.')
  const requests: RecordedRequest[] = []
  const faults = createFaults()
  const rateLimit = createRateLimit(wishes.rateLimit ?? null, now)
  const rules = {
    latencyMs: wishes.latencyMs ?? 0,
    pageDomains: wishes.pageDomains ?? 200,
    cursors: wishes.cursors ?? true,
  }
  let held: Promise<void> | null = null
  const tenantOf = (id = tenantId): Tenant => {
    const tenant = tenants.get(id)
    if (tenant === undefined) throw new Error(`There is no tenant ${id}.`)
    return tenant
  }

  /** What a well server answers, with what is asked for done once. */
  const work = async (tenant: Tenant, asked: Asked, raw: RecordedRequest, pause: () => Promise<void>) => {
    const isChange = raw.method !== 'GET'
    if (!isChange) {
      await pause()
      return answer(tenant.state, asked, rules)
    }
    if (asked.idempotencyKey === '' || asked.idempotencyKey.length > 255)
      return refusal(422, 'validation_failed', 'An Idempotency-Key is needed.', { field: 'Idempotency-Key' })
    const print = createHash('sha256').update(`${raw.method} ${raw.path}\n${raw.body}`).digest('hex')
    const kept = tenant.keys.get(asked.idempotencyKey)
    if (kept !== undefined) {
      if (kept.print !== print) return refusal(422, 'key_reused', 'This key was used for something else.')
      if (kept.answer === null) return refusal(409, 'request_in_progress', 'This is being worked on.')
      return { ...kept.answer, headers: { ...kept.answer.headers, 'idempotency-replayed': 'true' } }
    }
    const entry: Kept = { print, answer: null }
    tenant.keys.set(asked.idempotencyKey, entry)
    await pause()
    const done = answer(tenant.state, asked, rules)
    entry.answer = done
    // What was refused did nothing, so that the key may be tried again.
    if (done.status >= 300) tenant.keys.delete(asked.idempotencyKey)
    return done
  }

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request)
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (url.pathname === '/lab' || url.pathname.startsWith('/lab/')) {
      await send(
        response,
        labAnswer(server, { method: request.method ?? '', path: url.pathname, body }),
        null,
      )
      return
    }
    const routed = route(request.method ?? '', url.pathname)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const record: RecordedRequest = {
      method: request.method ?? '',
      path: `${url.pathname}${url.search}`,
      operation: routed?.operation ?? null,
      headers,
      body,
      at: now(),
      status: null,
      answer: null,
      fault: null,
    }
    requests.push(record)
    wishes.onRequest?.(record, server)
    const tenant = tenants.get(headers['x-tenant-id'] ?? '')
    const refused = refusedAtTheDoor(record, tenant, [...tenants.values()], rateLimit)
    if (refused !== null || routed === null || tenant === undefined) {
      await go(refused ?? refusal(404, 'domain_not_found', 'There is nothing here.'), null)
      return
    }
    const fault = faults.take(routed.operation)
    record.fault = fault?.kind ?? null
    const asked: Asked = {
      ...routed,
      query: url.searchParams,
      ifMatch: headers['if-match'] ?? null,
      ifNoneMatch: headers['if-none-match'] ?? null,
      idempotencyKey: headers['idempotency-key'] ?? '',
      body: jsonOf(body),
    }
    if (fault !== null && isBeforeWork(fault)) return go(replaced(fault, null), fault)
    const pauseMs = fault?.kind === 'delay' && fault.at !== 'after' ? fault.delayMs : 0
    const done = await work(tenant, asked, record, async () => {
      await pauseFor(rules.latencyMs + pauseMs)
      await held
    })
    const again = fault?.kind === 'twice' ? await work(tenant, asked, record, async () => {}) : done
    if (fault?.kind === 'delay' && fault.at === 'after') await pauseFor(fault.delayMs)
    return go(fault === null ? again : replaced(fault, again, asked), fault)

    async function go(answered: Answer, how: FaultKind | null): Promise<void> {
      record.answer = answered.body
      const sent = await send(response, answered, how)
      record.status = sent ? answered.status : null
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy())
  }
  const { certificate } = wishes
  const http =
    certificate === undefined
      ? createPlain(listener)
      : createSecure({ cert: certificate.pem, key: certificate.keyPem }, listener)
  http.on('tlsClientError', () => {})
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(wishes.port ?? 0, '127.0.0.1', resolve)
  })
  const address = http.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const server: TenantServer = {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    get token() {
      return first.token
    },
    tenantId,
    requests,
    state: id => tenantOf(id).state,
    faults,
    rateLimit,
    rules,
    hold: until => {
      held = until
    },
    renewToken: id => {
      const tenant = tenantOf(id)
      tenant.token = randomToken()
      return tenant.token
    },
    forgetKeys: () => {
      for (const tenant of tenants.values()) tenant.keys.clear()
    },
    stop: async () => {
      const closed = new Promise<void>(resolve => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
    },
  }
  return server
}

function refusedAtTheDoor(
  { headers }: RecordedRequest,
  tenant: Tenant | undefined,
  tenants: readonly Tenant[],
  rateLimit: RateLimit,
): Answer | null {
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
  if (token === undefined || !tenants.some(one => one.token === token))
    return refusal(401, 'unauthorized', 'The token is not known.')
  if (tenant?.token !== token) return refusal(403, 'forbidden', 'The token is not for this tenant.')
  return rateLimit.refuse()
}

/** Whether it keeps the request from being worked on. */
function isBeforeWork(fault: FaultKind): boolean {
  switch (fault.kind) {
    case 'status':
    case 'body':
      return fault.at !== 'after'
    case 'cut':
    case 'silence':
      return fault.at === 'before'
    default:
      return fault.kind === 'redirect'
  }
}

/** What goes out in place of what was done. */
function replaced(fault: FaultKind, done: Answer | null, asked?: Asked): Answer {
  switch (fault.kind) {
    case 'status':
      return refusal(
        fault.status,
        fault.code ?? usualCodes[fault.status] ?? 'refused',
        fault.message ?? `Told to answer ${fault.status}.`,
        fault.details,
        fault.headers,
      )
    case 'body':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': fault.contentType ?? 'application/json', ...fault.headers },
        body: fault.text,
      }
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to }, body: null }
    case 'stale-etag':
      if (asked !== undefined && asked.ifNoneMatch !== null)
        return { status: 304, headers: { etag: asked.ifNoneMatch }, body: null }
      return { status: 200, body: null, ...done, headers: { ...done?.headers, etag: '"stale"' } }
    default:
      return done ?? { status: 200, headers: {}, body: null }
  }
}

async function pauseFor(pauseMs: number): Promise<void> {
  if (pauseMs > 0) await wait(pauseMs, null, { ref: false })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function randomToken(): string {
  return `lab-${randomBytes(16).toString('hex')}`
}
