import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import type { MoreCheckId } from '#shared/model/finding.ts'
import { readAudit, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'

export type ManyAudits = {
  readonly kind: 'many'
  readonly resolver: string
  readonly names: readonly string[]
  readonly atOnce: number
  readonly more: readonly MoreCheckId[] | null
}
export type ManyAudited = {
  readonly tookMs: number
  readonly queries: number
  readonly processorMs: number
  /** The most the process has held so far. */
  readonly memoryBytes: number
  /** What was asked, as `name type`. */
  readonly questions: readonly string[]
}
export type SingleAudits = {
  readonly kind: 'single'
  readonly resolver: string
  readonly names: readonly string[]
  readonly atOnce: number
}
export type SingleAudited = { readonly tookMs: readonly number[]; readonly firstRowMs: readonly number[] }

/** The addresses of the zones are nobody's, and nothing but the resolver is to be asked. */
const reach = { direct: false, https: false, smtp: false }

async function withEngine<T>(resolver: string, work: (client: InProcessClient) => Promise<T>): Promise<T> {
  // A new engine knows no answer from before.
  const engine = valueOf(await createEngine(testPlatform()))
  try {
    const client = createInProcessClient(engine.router)
    valueOf(await client.settings.set({ resolvers: [resolver] }))
    return await work(client)
  } finally {
    await engine.stop()
  }
}

async function lanes(names: readonly string[], atOnce: number, work: (name: string) => Promise<void>) {
  const waiting = names.values()
  const lane = async () => {
    for (const name of waiting) await work(name)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

function auditMany({ resolver, names, atOnce, more }: ManyAudits): Promise<ManyAudited> {
  return withEngine(resolver, async client => {
    let queries = 0
    const questions = new Set<string>()
    const used = process.cpuUsage()
    const startedAt = performance.now()
    await lanes(names, atOnce, async input => {
      const chosen = { ...reach, more: more === null ? null : [...more] }
      const report = valueOf(
        (await readAudit(await client.domains.auditName({ input, reach: chosen }))).result,
      )
      queries += report.queries
      for (const { name, type } of report.raw) questions.add(`${name} ${type}`)
    })
    const tookMs = performance.now() - startedAt
    const { user, system } = process.cpuUsage(used)
    const memoryBytes = process.resourceUsage().maxRSS * 1_024
    return { tookMs, queries, processorMs: (user + system) / 1_000, memoryBytes, questions: [...questions] }
  })
}

async function auditSingly({ resolver, names, atOnce }: SingleAudits): Promise<SingleAudited> {
  const tookMs: number[] = []
  const firstRowMs: number[] = []
  await lanes(names, atOnce, input =>
    withEngine(resolver, async client => {
      const startedAt = performance.now()
      const audit = await client.domains.auditName({ input, reach })
      let hasRow = false
      for (let step = await audit.next(); ; step = await audit.next()) {
        if (step.done) {
          valueOf(step.value)
          break
        }
        if (hasRow || step.value.kind !== 'checked') continue
        hasRow = true
        firstRowMs.push(performance.now() - startedAt)
      }
      tookMs.push(performance.now() - startedAt)
    }),
  )
  return { tookMs, firstRowMs }
}

process.on('message', (task: ManyAudits | SingleAudits) => {
  void (task.kind === 'many' ? auditMany(task) : auditSingly(task)).then(result => process.send?.(result))
})
