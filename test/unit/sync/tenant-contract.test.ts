import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  date,
  double,
  integer,
  jsonValue,
  oneof,
  option,
  property,
  record,
  sample,
  string,
  stringMatching,
  tuple,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'

import * as wire from '#engine/sync/tenant-wire.ts'
import { connectionSecurityIds } from '#shared/model/connection.ts'
import { dailyLimits, mailboxStatuses } from '#shared/model/mailbox-values.ts'
import {
  exchangeViolations,
  type JsonSchema,
  resolved,
  schemaNamed,
  tenantDocument,
  violationsOf,
} from '../../helpers/openapi.ts'
import { operations } from '../../lab/tenant-api/operations.ts'

/** Values that keep to a schema of the document. */
function valuesOf(asked: JsonSchema): Arbitrary<unknown> {
  const schema = resolved(asked)
  if ('const' in schema) return constant(schema['const'])
  if (Array.isArray(schema['enum'])) return constantFrom(...(schema['enum'] as unknown[]))
  if (Array.isArray(schema['oneOf'])) return oneof(...(schema['oneOf'] as JsonSchema[]).map(valuesOf))
  const { type } = schema
  if (Array.isArray(type)) return oneof(...type.map(one => valuesOf({ ...schema, type: one })))
  const least = Number(schema['minimum'] ?? 0)
  const most = Number(schema['maximum'] ?? 1_000)
  switch (type) {
    case 'null':
      return constant(null)
    case 'boolean':
      return boolean()
    case 'integer':
      return integer({ min: least, max: most })
    case 'number':
      return double({ min: least, max: most, noNaN: true })
    case 'string':
      return textsOf(schema)
    case 'array':
      return array(valuesOf(schema['items'] as JsonSchema), { maxLength: 4 })
    default:
      return objectsOf(schema)
  }
}

function textsOf(schema: JsonSchema): Arbitrary<string> {
  if (schema['format'] === 'date-time') {
    const max = new Date('2099-01-01')
    return date({ noInvalidDate: true, min: new Date(0), max }).map(date => date.toISOString())
  }
  const { pattern } = schema
  if (typeof pattern !== 'string')
    return string({
      minLength: Number(schema['minLength'] ?? 0),
      maxLength: Number(schema['maxLength'] ?? 50),
    })
  // The generator knows no look-ahead.
  const whole = new RegExp(pattern)
  return stringMatching(new RegExp(pattern.replace(/\(\?![^)]*\)/, '').replace('200', '20'))).filter(text =>
    whole.test(text),
  )
}

/** With fields that nobody has told us about, as a newer server would have. */
function objectsOf(schema: JsonSchema): Arbitrary<unknown> {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>
  const required = (schema['required'] ?? []) as string[]
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one)]))
  return tuple(record(fields, { requiredKeys: required }), option(jsonValue())).map(([known, more]) =>
    more === null ? known : { ...known, further_field: more },
  )
}

const requiredIn = (name: string) => (schemaNamed(name)['required'] ?? []) as string[]

const readers: readonly (readonly [string, z.ZodObject])[] = [
  ['Domain', wire.wireDomainSchema],
  ['Account', wire.wireAccountSchema],
  ['Reputation', wire.wireReputationSchema],
  ['Pagination', wire.wirePaginationSchema],
  ['ListMeta', wire.wireMetaSchema],
  ['DomainListAnswer', wire.wireListSchema],
]

describe.each(readers)('%s', (name, reader) => {
  it('is read whatever the document allows', () => {
    assert(
      property(valuesOf(schemaNamed(name)), value => {
        const read = reader.safeParse(value)
        expect(read.success, read.success ? '' : wire.fieldOf(read.error)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('is asked for nothing that the document does not name or that may be missing there', () => {
    const properties = Object.keys(schemaNamed(name)['properties'] as object)
    expect(Object.keys(reader.shape).filter(field => !properties.includes(field))).toEqual([])
    const [example] = sample(valuesOf(schemaNamed(name)), { numRuns: 1, seed: 7 })
    const bare = Object.fromEntries(
      Object.entries(example as object).filter(([key]) => requiredIn(name).includes(key)),
    )
    expect(reader.safeParse(bare).success).toBe(true)
  })

  it('in another form than the document has it is broken by its name', () => {
    const [example] = sample(valuesOf(schemaNamed(name)), { numRuns: 1, seed: 11 })
    for (const field of Object.keys(reader.shape)) {
      if (field === 'status') continue
      const properties = schemaNamed(name)['properties'] as Readonly<Record<string, JsonSchema>>
      const isObject = resolved(properties[field] ?? {})['type'] === 'object'
      const other = isObject ? 'not this' : { not: 'this' }
      const read = reader.safeParse({ ...(example as object), [field]: other })
      expect(read.success ? 'read' : wire.fieldOf(read.error), field).toMatch(new RegExp(`^${field}`))
    }
  })
})

describe('what is sent', () => {
  const tags = array(string({ minLength: 1, maxLength: 40 }), { maxLength: 20 })
  const dailyLimit = integer({ min: dailyLimits.least, max: dailyLimits.most })

  it('of a domain keeps to the document', () => {
    assert(
      property(tags, dailyLimit, (tags, dailyLimit) => {
        const body = wire.domainToWire('example.com', { tags, dailyLimit })
        expect(violationsOf({ $ref: '#/components/schemas/DomainToPut' }, body)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('of a mailbox keeps to the document, with every state and kind of server there is', () => {
    for (const state of mailboxStatuses) {
      for (const security of connectionSecurityIds) {
        const server = { host: 'mail.example.com', port: 587, security }
        for (const imap of [null, server]) {
          const credentials = { smtp: server, imap, user: 'anna', password: 'p' }
          const account = { address: 'anna@example.com', state }
          const bodies = [
            wire.accountToWire({ ...account, credentials: null }),
            wire.accountToWire({ ...account, credentials }),
          ]
          for (const body of bodies)
            expect(violationsOf({ $ref: '#/components/schemas/AccountToPut' }, body)).toEqual([])
        }
      }
    }
  })
})

describe('the document', () => {
  it('has the six endpoints and nothing beside them', () => {
    const found = Object.entries(tenantDocument.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => method !== 'parameters')
        .map(([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${path}`),
    )
    expect(found.toSorted()).toEqual([
      'deleteDomain: DELETE /api/v1/tenant/domains/{id}',
      'listDomains: GET /api/v1/tenant/domains',
      'putAccount: POST /api/v1/tenant/domains/{id}/accounts',
      'putDomain: POST /api/v1/tenant/domains',
      'readDomain: GET /api/v1/tenant/domains/{id}',
      'readReputation: GET /api/v1/reputation/domains/{domain}',
    ])
    expect(found.map(one => one.split(':')[0]).toSorted()).toEqual([...operations].map(String).toSorted())
    expect(tenantDocument.openapi).toMatch(/^3\.1\./)
  })

  it('refers to what is there, and says what each thing is', () => {
    const references: readonly string[] =
      JSON.stringify(tenantDocument).match(/#\/components\/\w+\/\w+/g) ?? []
    for (const $ref of new Set(references)) expect(() => resolved({ $ref }), $ref).not.toThrow()
    const unused = Object.entries(tenantDocument.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, entries]) => Object.keys(entries).map(name => `#/components/${kind}/${name}`))
      .filter($ref => !references.includes($ref))
    expect(unused).toEqual([])
  })
})

describe('the check of what goes over the wire', () => {
  const good = {
    method: 'GET',
    path: '/api/v1/tenant/domains/d1',
    headers: { authorization: 'Bearer t', 'x-tenant-id': 'x' },
    body: '',
    status: 404,
    answer: { success: false, error: { code: 'domain_not_found', message: 'No.' } },
  }

  it('lets pass what keeps to the document', () => expect(exchangeViolations(good)).toEqual([]))

  it.each([
    ['another endpoint', { path: '/api/v1/tenant/users' }],
    ['another method', { method: 'PATCH' }],
    ['a missing token', { headers: { 'x-tenant-id': 'x' } }],
    ['a missing tenant', { headers: { authorization: 'Bearer t' } }],
    ['a body where none belongs', { body: '{}' }],
    ['another status', { status: 418 }],
    ['an unknown parameter', { path: '/api/v1/tenant/domains?page=2' }],
    ['a parameter out of bounds', { path: '/api/v1/tenant/domains?limit=0' }],
    ['an unknown error', { answer: { success: false, error: { code: 'oops', message: 'No.' } } }],
    ['an invented field', { answer: { ...good.answer, error: { ...good.answer.error, hint: 'x' } } }],
    ['a change without a key', { method: 'DELETE' }],
    ['a body that is not one', { method: 'POST', path: '/api/v1/tenant/domains', body: '{"name":"a.test"}' }],
  ])('finds %s', (_, change) => {
    expect(exchangeViolations({ ...good, ...change })).not.toEqual([])
  })
})
