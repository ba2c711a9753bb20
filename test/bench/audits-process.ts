import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import type { ServerAddress } from '#engine/net/resolve.ts'
import type { MoreCheckId } from '#shared/model/finding.ts'
import { openAuditThreads } from '../../src-main/cli/audit-threads.ts'
import { readAudit, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'

export type ManyAudits = {
  readonly kind: 'many'
  readonly resolver: ServerAddress
  readonly names: readonly string[]
  readonly atOnce: number
  readonly more: readonly MoreCheckId[] | null
  readonly guessSelectors: boolean
  /** 0: by an engine in this process, through its contract. */
  readonly threads: number
}
export type ManyAudited = {
  readonly tookMs: number
  readonly queries: number
  readonly processorMs: number
  /** What the process holds at the end. */
  readonly memoryBytes: number
  /** What was asked, as `name type`; threads do not tell. */
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

type Auditor = {
  /** Audits one domain; tells how many questions that took. */
  audit(name: string): Promise<number>
  readonly questions: Set<string>
}

/** Kept from round to round: a long list is audited by a process that has been running for a while. */
const auditors = new Map<string, Promise<Auditor>>()

async function openAuditor({ resolver, threads, more, guessSelectors }: ManyAudits): Promise<Auditor> {
  const questions = new Set<string>()
  const chosen = { ...reach, guessSelectors, more: more === null ? null : [...more] }
  if (threads === 0) {
    const client = await clientOf(`${resolver.host}:${resolver.port}`)
    const audit = async (input: string) => {
      const { result } = await readAudit(await client.domains.auditName({ input, reach: chosen }))
      const report = valueOf(result)
      for (const { name, type } of report.raw) questions.add(`${name} ${type}`)
      return report.queries
    }
    return { audit, questions }
  }
  const pool = openAuditThreads(threads, { servers: [resolver], reach: chosen, form: 'line' })
  const audit = async (name: string) => {
    const outcome = await pool.audit({ input: name, name, failure: null, place: null }, never)
    if (outcome?.kind !== 'line') throw new Error(`${name} was not audited.`)
    return Number(/"queries":(\d+)/.exec(outcome.text)?.[1])
  }
  return { audit, questions }
}

const never = new AbortController().signal

async function clientOf(resolver: string): Promise<InProcessClient> {
  const engine = valueOf(await createEngine(testPlatform()))
  const client = createInProcessClient(engine.router)
  valueOf(await client.settings.set({ resolvers: [resolver] }))
  return client
}

async function auditMany(task: ManyAudits): Promise<ManyAudited> {
  const { names, atOnce, more, threads } = task
  const key = `${threads} ${more?.join()}`
  const opened = auditors.get(key) ?? openAuditor(task)
  auditors.set(key, opened)
  const { audit, questions } = await opened
  let queries = 0
  const used = process.cpuUsage()
  const startedAt = performance.now()
  await lanes(names, atOnce, async name => {
    const asked = await audit(name)
    queries += asked
  })
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(used)
  // Not the most it ever held: that counts what the process held that forked it.
  const memoryBytes = process.memoryUsage.rss()
  return { tookMs, queries, processorMs: (user + system) / 1_000, memoryBytes, questions: [...questions] }
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
