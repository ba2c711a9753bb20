import { z } from 'zod'
import { type Answer, refusal, success } from './answers.ts'
import type { Fault } from './faults.ts'
import { operations } from './operations.ts'
import type { TenantServer } from './server.ts'

const moment = z.enum(['before', 'after'])
const some = {
  on: z.enum(operations).exactOptional(),
  times: z.number().int().min(1).exactOptional(),
  skip: z.number().int().min(0).exactOptional(),
}
const text = z.record(z.string(), z.string())

/** A fault as it is typed by hand. */
const faultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    code: z.string().exactOptional(),
    message: z.string().exactOptional(),
    headers: text.exactOptional(),
    at: moment.exactOptional(),
    ...some,
  }),
  z.object({ kind: z.literal('cut'), at: z.enum(['before', 'after', 'mid-answer']), ...some }),
  z.object({ kind: z.literal('silence'), at: moment, ...some }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0), at: moment.exactOptional(), ...some }),
  z.object({ kind: z.literal('drip'), everyMs: z.number().min(0), ...some }),
  z.object({ kind: z.literal('truncate'), ...some }),
  z.object({ kind: z.literal('body'), text: z.string(), contentType: z.string().exactOptional(), ...some }),
  z.object({ kind: z.literal('huge'), bytes: z.number().min(0), ...some }),
  z.object({
    kind: z.literal('redirect'),
    to: z.string(),
    status: z.number().int().exactOptional(),
    ...some,
  }),
  z.object({ kind: z.literal('twice'), ...some }),
  z.object({ kind: z.literal('stale-etag'), ...some }),
])

const domainSchema = z.object({
  name: z.string().min(1),
  tenant: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  dailyLimit: z.number().int().exactOptional(),
  status: z.enum(['verified', 'pending', 'failed']).exactOptional(),
  protectedBy: z.string().nullable().exactOptional(),
  deleted: z.boolean().exactOptional(),
})

const rulesSchema = z.object({
  latencyMs: z.number().min(0).exactOptional(),
  pageDomains: z.number().int().min(1).exactOptional(),
  cursors: z.boolean().exactOptional(),
  rateLimit: z
    .object({ requests: z.number().int().min(0), perMs: z.number().min(1) })
    .nullable()
    .exactOptional(),
})

/** What `GET /lab` tells. */
const help = {
  'GET /lab/state': 'domains, what requests had done, faults to come',
  'GET /lab/requests': 'every request in full, the token included',
  'POST /lab/faults': 'a fault such as {"kind":"status","status":503,"on":"listDomains","times":3}',
  'DELETE /lab/faults': 'no more faults',
  'POST /lab/domains':
    'what another client did: {"name","tags","dailyLimit","status","protectedBy","deleted"}',
  'POST /lab/rules': '{"latencyMs","pageDomains","cursors","rateLimit":{"requests","perMs"}}',
  'POST /lab/token': 'a new token; the one before ends',
}

/** The server's own side, for trying things by hand and from other processes. */
export function labAnswer(
  server: TenantServer,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
): Answer {
  const parse = <T>(schema: z.ZodType<T>, use: (value: T) => unknown): Answer => {
    const read = schema.safeParse(jsonOf(body))
    return read.success
      ? success(200, use(read.data))
      : refusal(422, 'validation_failed', z.prettifyError(read.error))
  }
  switch (`${method} ${path}`) {
    case 'GET /lab':
      return success(200, { help, faults: faultSchema.options.map(option => option.shape.kind.value) })
    case 'GET /lab/state':
      return success(200, {
        domains: server
          .state()
          .domains()
          .map(domain => ({ ...domain, accounts: domain.accounts.map(shown) })),
        applied: server.state().applied,
        faults: server.faults.list(),
        rules: server.rules,
      })
    case 'GET /lab/requests':
      return success(200, server.requests)
    case 'POST /lab/faults':
      return parse(z.union([z.array(faultSchema), faultSchema.transform(one => [one])]), given => {
        const faults: readonly Fault[] = given
        server.faults.add(...faults)
        return server.faults.list()
      })
    case 'DELETE /lab/faults':
      server.faults.clear()
      return success(200, [])
    case 'POST /lab/domains':
      return parse(domainSchema, ({ name, tenant, deleted, ...fields }) => {
        const state = server.state(tenant)
        if (deleted === true) state.remove(name)
        else state.put(name, fields)
        return state.find(name)
      })
    case 'POST /lab/rules':
      return parse(rulesSchema, ({ rateLimit, ...rules }) => {
        Object.assign(server.rules, rules)
        if (rateLimit !== undefined) server.rateLimit.set(rateLimit)
        return server.rules
      })
    case 'POST /lab/token':
      return success(200, { token: server.renewToken() })
    default:
      return refusal(404, 'refused', 'There is nothing here. GET /lab tells what there is.')
  }
}

function shown({ credentials, ...account }: { credentials: unknown }) {
  return { ...account, hasCredentials: credentials !== null }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
