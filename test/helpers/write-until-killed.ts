// Works on the data folder named by the first argument until it is killed: says what it is about to do, does it, and
// says so once it is acknowledged. Each line is on the pipe before the next step, so a kill cannot swallow one.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import type { Result } from '#shared/failure.ts'
import { testPlatform } from './platform.ts'
import { testReplica } from './replica.ts'

const [dataDir = '', round = '0'] = process.argv.slice(2)
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)

const engine = value(await createEngine(testPlatform({ dataDir })))
const client = createInProcessClient(engine.router)
const ids = await knownIds()
// Who is killed leaves no compiled code behind for the next one.
flushCompileCache()
say({ kind: 'ready', ids: ids.length })

for (let step = 0; ; step += 1) await doSomething(step)

async function doSomething(step: number): Promise<void> {
  const dice = Math.random()
  const target = ids[Math.floor(Math.random() * ids.length)]
  if (target === undefined || dice < 0.4) {
    const input = `d${step}.r${round}.example`
    say({ kind: 'doing', op: 'add', name: input })
    const domain = value(await client.domains.add({ input, tags: ['new'] }))
    ids.push(domain.id)
    say({ kind: 'done', op: 'add', name: input, id: domain.id })
  } else if (dice < 0.5) {
    const names = Array.from({ length: 20 }, (_, index) => `i${index}.s${step}.r${round}.example`)
    say({ kind: 'doing', op: 'import', names })
    const { added } = value(await client.domains.import({ text: names.join('\n'), tags: [] }))
    ids.push(...added.map(domain => domain.id))
    say({ kind: 'done', op: 'import', added })
  } else if (dice < 0.8) {
    const tag = `t${step}.${round}`
    say({ kind: 'doing', op: 'tag', id: target, tag })
    value(await client.domains.tag({ ids: [target], add: [tag], remove: ['new'] }))
    say({ kind: 'done', op: 'tag', id: target, tag })
  } else {
    say({ kind: 'doing', op: 'remove', id: target })
    value(await client.domains.remove({ ids: [target] }))
    ids.splice(ids.indexOf(target), 1)
    say({ kind: 'done', op: 'remove', id: target })
  }
}

async function knownIds(): Promise<string[]> {
  const replica = testReplica()
  const feed = await client.changes.watch({ feed: 'child', since: null, dataId: null })
  for await (const batch of feed) {
    replica.apply(batch)
    if ('page' in batch) await client.changes.acknowledge({ feed: 'child', page: batch.page })
    if (batch.kind === 'caught-up') break
  }
  return replica.domains().map(domain => domain.id)
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}
