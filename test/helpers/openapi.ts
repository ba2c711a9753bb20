import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** Comes with electron-builder, without types. */
const { load } = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown }

export type JsonSchema = { readonly [keyword: string]: unknown }
type Operation = {
  readonly operationId: string
  readonly parameters?: readonly JsonSchema[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, JsonSchema>>
}
type Content = { readonly 'application/json': { readonly schema: JsonSchema } }
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
}

export const tenantDocument = load(
  readFileSync(new URL('../../resources/tenant-api.yaml', import.meta.url), 'utf8'),
) as Document

/** What a `$ref` stands for, in the end. */
export function resolved(schema: JsonSchema): JsonSchema {
  const { $ref } = schema
  if (typeof $ref !== 'string') return schema
  const [, , kind = '', name = ''] = $ref.split('/')
  const found = tenantDocument.components[kind]?.[name]
  if (found === undefined) throw new Error(`${$ref} leads nowhere.`)
  return resolved(found)
}

export function schemaNamed(name: string): JsonSchema {
  return resolved({ $ref: `#/components/schemas/${name}` })
}

const ajv = new Ajv2020({ strictTypes: false, allErrors: true })
ajv.addFormat('date-time', text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text))
ajv.addKeyword('components')
ajv.addSchema({ $id: 'tenant-api', components: closed(tenantDocument.components) as object })

const compiled = new Map<string, ValidateFunction>()

/** In a test nothing may be there that the document does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inside = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  return 'properties' in inside && inside['type'] === 'object'
    ? { additionalProperties: false, ...inside }
    : inside
}

/** What a value has against a schema of the document; nothing when it keeps to it. */
export function violationsOf(schema: JsonSchema, value: unknown): string[] {
  const absolute = JSON.stringify(closed(schema)).replaceAll('"#/', '"tenant-api#/')
  const validate = compiled.get(absolute) ?? ajv.compile(JSON.parse(absolute))
  compiled.set(absolute, validate)
  if (validate(value)) return []
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message ?? ''}`)
}

export type Exchange = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number | null
  readonly answer: unknown
}

/** What a request and its answer have against the document. */
export function exchangeViolations(exchange: Exchange): string[] {
  const url = new URL(exchange.path, 'http://127.0.0.1')
  const operation = operationOf(exchange.method, url.pathname)
  if (operation === null) return [`${exchange.method} ${url.pathname} is no endpoint`]
  const told = (words: readonly string[]) => words.map(word => `${operation.operationId}: ${word}`)
  return told([
    ...requestViolations(operation, exchange, url.searchParams),
    ...answerViolations(operation, exchange),
  ])
}

function operationOf(method: string, path: string): Operation | null {
  for (const [template, operations] of Object.entries(tenantDocument.paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    const operation = operations[method.toLowerCase()]
    if (pattern.test(path) && operation !== undefined) return operation
  }
  return null
}

function requestViolations(
  operation: Operation,
  { headers, body }: Exchange,
  query: URLSearchParams,
): string[] {
  const found: string[] = []
  if (!/^Bearer \S+$/.test(headers['authorization'] ?? '')) found.push('no token')
  if (!headers['x-tenant-id']) found.push('no tenant')
  const parameters = (operation.parameters ?? []).map(resolved)
  for (const { in: place, name, required, schema } of parameters) {
    const given = place === 'query' ? query.get(String(name)) : headers[String(name).toLowerCase()]
    if (given === null || given === undefined) {
      if (required === true) found.push(`no ${String(name)}`)
      continue
    }
    const value = resolved(schema as JsonSchema)['type'] === 'integer' ? Number(given) : given
    found.push(...violationsOf(schema as JsonSchema, value).map(words => `${String(name)} ${words}`))
  }
  for (const name of query.keys())
    if (!parameters.some(one => one['in'] === 'query' && one['name'] === name))
      found.push(`${name} is unknown`)
  const schema = operation.requestBody?.content['application/json'].schema
  if (schema === undefined) return body === '' ? found : [...found, 'a body where none belongs']
  return [...found, ...violationsOf(schema, JSON.parse(body)).map(words => `the body ${words}`)]
}

function answerViolations(operation: Operation, { status, answer }: Exchange): string[] {
  if (status === null) return []
  const response = operation.responses[String(status)] ?? operation.responses[`${Math.floor(status / 100)}XX`]
  if (response === undefined) return [`status ${status} is not in the document`]
  const content = resolved(response)['content'] as Content | undefined
  if (content === undefined) return answer === null ? [] : [`a body with status ${status}`]
  return violationsOf(content['application/json'].schema, answer).map(words => `the answer ${words}`)
}
