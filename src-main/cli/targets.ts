import { parseDomainName } from '#engine/domains/domain-name.ts'
import { readDomainList } from '#engine/domains/import-list.ts'
import type { Failure } from '#shared/failure.ts'
import { failureLine } from '#shared/words/failures.ts'
import { readText } from './read-text.ts'

/** One name to audit, or one that cannot be, with what is wrong with it. */
export type Target = {
  readonly input: string
  /** A-labels; the input itself when it cannot be read. */
  readonly name: string
  readonly failure: Failure | null
  /** Where in which list it stands; null for a name given as an argument. */
  readonly place: { readonly file: string; readonly line: number } | null
}

export type TargetSource = {
  readonly domains: readonly string[]
  /** Paths of lists; `-` is standard input. */
  readonly files: readonly string[]
  readonly stdin: NodeJS.ReadableStream
}

/** Reads all names, each domain once, in the order they were given. A string is what stopped it, for a person. */
export async function readTargets(source: TargetSource): Promise<readonly Target[] | string> {
  const targets = source.domains.map(input => targetOf(input, null))
  for (const file of new Set(source.files)) {
    const name = file === '-' ? 'standard input' : file
    const content = await readText(file, source.stdin)
    if (!content.ok) return `Cannot read ${name}: ${content.why}.`
    const list = readDomainList(content.text)
    if (!list.ok) return `${name}: ${failureLine(list.failure)}`
    if (list.value.entries.length === 0) return `There is no domain name in ${name}.`
    for (const { line, input } of list.value.entries) targets.push(targetOf(input, { file, line }))
  }
  return once(targets)
}

function targetOf(input: string, place: Target['place']): Target {
  const parsed = parseDomainName(input)
  return parsed.ok
    ? { input, name: parsed.value.name, failure: null, place }
    : { input, name: input, failure: parsed.failure, place }
}

/** Bad names are all kept: each line of a list that is wrong wants mending. */
function once(targets: readonly Target[]): Target[] {
  const seen = new Set<string>()
  return targets.filter(({ name, failure }) => {
    if (failure !== null) return true
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}
