import { parse as parsePublicSuffix } from 'tldts'
import type { SpfModifier } from '#shared/mail-auth/parse-spf.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { readExplanation } from '../check-host/explain.ts'
import { finding } from './rules.ts'
import { selectSpf } from './spf-selection.ts'
import { branchesOf, type SpfNode } from './spf-tree.ts'

/** A domain that would have to be registered for a term to lead anywhere, and whether it is. */
export type Registrable = { readonly name: string; readonly answer: Lookup<'NS'> }

/** What stands around the record: answers that judge it, but are no part of its evaluation. */
export type SpfSurroundings = {
  /** The retired record type (RFC 7208 §3.1). */
  readonly retired: Lookup<'SPF'> | null
  /** TXT of a name below the domain that does not exist, or would not but for a wildcard (RFC 4592). */
  readonly probe: Lookup<'TXT'> | null
  readonly explanation: { readonly term: SpfModifier; readonly answer: Lookup<'TXT'> } | null
  readonly registrables: readonly Registrable[]
}

const probeLabel = 'rookery-probe-no-such-name'

const noSurroundings: SpfSurroundings = {
  retired: null,
  probe: null,
  explanation: null,
  registrables: [],
}

/**
 * `txt` is the answer the record came from: a name that does not exist has nothing around it either. `aside` is asked
 * what may spare a question, and no verdict rests on.
 */
export async function gatherSurroundings(
  domain: string,
  txt: Lookup<'TXT'>,
  growing: Promise<SpfNode | null>,
  ask: Ask,
  aside: Ask,
): Promise<SpfSurroundings> {
  if (txt.state === 'unavailable' || (txt.state === 'absent' && txt.reason === 'nxdomain')) {
    return noSurroundings
  }
  const [retired, probe, tree] = await Promise.all([
    ask(domain, 'SPF'),
    gatherProbe(domain, ask, aside),
    growing,
  ])
  if (tree === null) return { ...noSurroundings, retired, probe }
  const term = expOf(tree)
  const [explanation, ...registrables] = await Promise.all([
    term === null ? null : ask(term.value.toLowerCase().replace(/\.$/, ''), 'TXT'),
    ...lapsedCandidates(domain, tree).map(async name => ({ name, answer: await ask(name, 'NS') })),
  ])
  return {
    retired,
    probe,
    explanation: term === null || explanation === null ? null : { term, answer: explanation },
    registrables,
  }
}

/** Another check asks for the first name anyway, and one name that does not exist shows that there is no wildcard. */
async function gatherProbe(domain: string, ask: Ask, aside: Ask): Promise<Lookup<'TXT'>> {
  const usual = await aside(`_mta-sts.${domain}`, 'TXT')
  const isNobodys = usual.state === 'absent' && usual.reason === 'nxdomain' && usual.aliases.length === 0
  return isNobodys ? usual : ask(`${probeLabel}.${domain}`, 'TXT')
}

/** The `exp` of the record itself, unless only a message can say where it leads. */
function expOf(tree: SpfNode): SpfModifier | null {
  const term = tree.record.terms.find(
    (term): term is SpfModifier => term.kind === 'modifier' && term.name === 'exp',
  )
  return term === undefined || term.macro ? null : term
}

/** The registrable domains of names that do not exist, each once; never the domain's own. */
function lapsedCandidates(domain: string, tree: SpfNode): string[] {
  const own = registrableOf(domain)
  const names = branchesOf(tree).map(branch => branch.missing && registrableOf(branch.missing))
  return [...new Set(names)].filter(name => name !== null && name !== own).toSorted() as string[]
}

function registrableOf(name: string): string | null {
  return parsePublicSuffix(name, { allowPrivateDomains: false, validateHostname: false }).domain
}

/** Pure. `tree` is null where no one record counts. */
export function judgeSurroundings(
  domain: string,
  tree: SpfNode | null,
  texts: readonly string[],
  { retired, probe, explanation, registrables }: SpfSurroundings,
): Finding[] {
  const senderIds = texts.filter(text => /^spf2\.0\//i.test(text)).toSorted()
  return [
    ...(tree === null ? [] : judgeRetired(domain, tree.text, retired)),
    ...(senderIds.length === 0 ? [] : [finding('spf.sender-id', { name: domain, records: senderIds })]),
    ...(explanation === null ? [] : judgeExplanation(explanation)),
    ...(tree === null ? [] : judgeLapsed(tree, registrables)),
    ...judgeWildcard(domain, probe),
  ]
}

function judgeRetired(name: string, text: string, retired: Lookup<'SPF'> | null): Finding[] {
  const records = retired?.state === 'found' ? selectSpf(retired.values) : []
  if (records.length === 0) return []
  return [finding('spf.retired-type', { name, records, differs: records.some(record => record !== text) })]
}

function judgeExplanation({ term, answer }: NonNullable<SpfSurroundings['explanation']>): Finding[] {
  if (answer.state === 'unavailable') return []
  const facts = { term: term.text, target: answer.name }
  if (answer.state === 'absent') {
    return [finding('spf.explanation-unusable', { ...facts, reason: answer.reason })]
  }
  const read = readExplanation(answer.values.map(joinTxt))
  return read.ok ? [] : [finding('spf.explanation-unusable', { ...facts, reason: read.reason })]
}

function judgeLapsed(tree: SpfNode, registrables: readonly Registrable[]): Finding[] {
  return branchesOf(tree).flatMap(branch => {
    if (branch.missing === null) return []
    const registrable = registrableOf(branch.missing)
    const asked = registrables.find(({ name }) => name === registrable)?.answer
    const isGone = asked?.state === 'absent' && asked.reason === 'nxdomain' && asked.aliases.length === 0
    if (registrable === null || !isGone) return []
    const name = branch.path.at(-1) ?? ''
    return [finding('spf.lapsed-target', { name, term: branch.term.text, registrable })]
  })
}

/** A wildcard that lets nobody send is advice followed; one that names senders was hardly meant. */
function judgeWildcard(domain: string, probe: Lookup<'TXT'> | null): Finding[] {
  const [record] = probe?.state === 'found' ? selectSpf(probe.values) : []
  if (record === undefined || /^v=spf1 +-all *$/i.test(record)) return []
  return [finding('spf.wildcard', { name: `*.${domain}`, record })]
}
