import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AnySchema, getEventIteratorSchemaDetails } from '@orpc/contract'
import { traverseContractProcedures } from '@orpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '#shared/contract/index.ts'

const folder = join(import.meta.dirname, 'golden')
const update = process.env.UPDATE_GOLDEN === '1'

type Golden = { input: unknown; output?: unknown; event?: unknown; final?: unknown }

const schemas = new Map<string, Golden>()
traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path }) => {
  const { inputSchema, outputSchema } = procedure['~orpc']
  const stream = getEventIteratorSchemaDetails(outputSchema)
  schemas.set(path.join('.'), {
    input: describe(inputSchema, 'input'),
    ...(stream
      ? { event: describe(stream.yields, 'output'), final: describe(stream.returns, 'output') }
      : { output: describe(outputSchema, 'output') }),
  })
})

function describe(schema: AnySchema | undefined, io: 'input' | 'output'): unknown {
  if (!schema) return null
  if (!(schema instanceof z.ZodType)) throw new Error('a schema of the contract is not zod')
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io })))
}

if (update) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, schema] of schemas) {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(schema)}\n`)
  }
}

const hint =
  'if the change is meant: UPDATE_GOLDEN=1 npx vitest run --project contract golden, then npm run format'

test('every procedure has its golden file, and no file is left over', () => {
  const files = readdirSync(folder).map(file => file.replace(/\.json$/, ''))
  expect(files.toSorted(), hint).toEqual([...schemas.keys()].toSorted())
})

test.each([...schemas])('the contract of %s is as agreed', (name, schema) => {
  const golden: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  expect(schema, `the contract of ${name} changed; ${hint}`).toEqual(golden)
})
