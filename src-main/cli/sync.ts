import { type Failure, fail, type FailureCode, type Result } from '#shared/failure.ts'
import type { Conflict, OutboxItem, SyncState, SyncStateCode } from '#shared/model/sync.ts'
import { failureLine } from '#shared/words/failures.ts'
import {
  conflictStateWords,
  describeConflict,
  describeSync,
  outboxReason,
  outboxTitle,
  syncEventLine,
} from '#shared/words/sync.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { dataFolder, holdsData, openDataFolder, type OpenedFolder } from './open-data-folder.ts'
import { openOutputs, type Output } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import { readLines } from './read-lines.ts'
import type { SyncVerb } from './sync-command.ts'

export type SyncOptions = {
  readonly verb: SyncVerb
  readonly dataDir: string | undefined
  readonly passphraseStdin: boolean
  readonly json: boolean
  readonly build: string
}

type Asking = {
  readonly client: OpenedFolder['client']
  readonly json: boolean
  readonly stdout: Output
  readonly stderr: Output
  readonly signal: AbortSignal
}

/** Runs `rookery sync …` on the person's own data and returns its exit code. */
export async function runSyncVerb(options: SyncOptions): Promise<number> {
  const { verb, passphraseStdin, json, build } = options
  const { stop, stdout, stderr } = openOutputs()
  const refuse = async (failure: Failure) => {
    if (json) await stdout.write(jsonLine({ failure }))
    await stderr.write(`rookery: ${printable(failureLine(failure))}\n`)
    return codeOfFailure(failure)
  }

  const wanted = (passphraseStdin ? 1 : 0) + (verb.kind === 'connect' ? 1 : 0)
  const secrets = wanted === 0 ? [] : await readLines(process.stdin, wanted)
  if (secrets.length < wanted) {
    await stderr.write(`rookery: ${missing(passphraseStdin, verb.kind === 'connect')}\n`)
    return exitCodes.usage
  }
  const [first = '', second = ''] = secrets
  const folder = dataFolder(options.dataDir)
  if (verb.kind !== 'connect' && !holdsData(folder)) return refuse(fail('tenant-not-connected').failure)
  const opened = await openDataFolder({ build, folder, passphrase: passphraseStdin ? first : null })
  if (!opened.ok) return refuse(opened.failure)

  const interrupted = watchInterrupts(stop)
  try {
    const asking = { client: opened.value.client, json, stdout, stderr, signal: stop.signal }
    const code = await answer(verb, passphraseStdin ? second : first, asking)
    const ended = typeof code === 'number' ? code : await refuse(code.failure)
    await stdout.flush()
    return interrupted.code() ?? ended
  } finally {
    interrupted.end()
    await opened.value.stop()
  }
}

async function answer(verb: SyncVerb, token: string, asking: Asking): Promise<number | { failure: Failure }> {
  const { client, json, stdout, signal } = asking
  switch (verb.kind) {
    case 'connect': {
      const { baseUrl, tenantId } = verb
      const state = await client.sync.connect({ baseUrl, tenantId, token }, { signal })
      return state.ok ? tellState(state.value, [], asking) : state
    }
    case 'status': {
      const state = await client.sync.state()
      if (!state.ok) return state
      const outbox = await client.sync.outbox()
      return outbox.ok ? tellState(state.value, outbox.value, asking) : outbox
    }
    case 'now': {
      const state = await runNow(asking)
      if (!state.ok) return state
      const outbox = await client.sync.outbox()
      return outbox.ok ? tellState(state.value, outbox.value, asking) : outbox
    }
    case 'conflicts': {
      const conflicts = await client.sync.conflicts()
      if (!conflicts.ok) return conflicts
      for (const conflict of conflicts.value)
        await stdout.write(json ? jsonLine(conflictRecord(conflict)) : humanConflict(conflict))
      if (conflicts.value.length === 0 && !json) await stdout.write('There is no conflict.\n')
      return conflicts.value.some(({ state }) => state === 'open') ? exitCodes.findings : exitCodes.clean
    }
  }
}

async function runNow({ client, json, stdout, stderr, signal }: Asking): Promise<Result<SyncState>> {
  const round = await client.sync.now(undefined, { signal })
  for (;;) {
    const step = await round.next()
    if (step.done) return step.value
    if (json) await stdout.write(jsonLine({ event: step.value }))
    else await stderr.write(`${syncEventLine(step.value)}\n`)
  }
}

async function tellState(
  state: SyncState,
  outbox: readonly OutboxItem[],
  { json, stdout }: Asking,
): Promise<number> {
  if (json) {
    await stdout.write(jsonLine({ ...state, outbox }))
  } else {
    const { title, text } = describeSync(state)
    const where = state.baseUrl === null ? '' : ` ${state.baseUrl}, tenant ${state.tenantId}.`
    await stdout.write(`${printable(`${title} ${text}${where}`)}\n`)
    for (const item of outbox)
      await stdout.write(`${printable(`  ${outboxTitle(item)}: ${outboxReason(item)}`)}\n`)
  }
  return codeOfState(state)
}

const statesBehind: ReadonlySet<SyncStateCode> = new Set([
  'offline',
  'paused',
  'vault-locked',
  'needs-sign-in',
  'refused',
])

function codeOfState({ state, refused, conflicts }: SyncState): number {
  if (statesBehind.has(state)) return exitCodes.incomplete
  return refused > 0 || conflicts > 0 ? exitCodes.findings : exitCodes.clean
}

/** What a person can mend before asking again; the rest is up to the server, the network or the vault. */
const usageFailures: ReadonlySet<FailureCode> = new Set([
  'tenant-not-connected',
  'tenant-address-not-allowed',
  'invalid-input',
  'vault-wrong-passphrase',
  'data-folder-locked',
  'data-folder-unwritable',
  'data-damaged',
  'data-newer',
])

function codeOfFailure({ code }: Failure): number {
  if (code === 'cancelled') return exitCodes.interrupted
  if (code === 'tenant-refused') return exitCodes.findings
  return usageFailures.has(code) ? exitCodes.usage : exitCodes.incomplete
}

function conflictRecord(conflict: Conflict): object {
  return { ...conflict, ...describeConflict(conflict) }
}

function humanConflict(conflict: Conflict): string {
  const { title, settled } = describeConflict(conflict)
  const head = `${conflict.domainName}: ${title} (${conflictStateWords[conflict.state]})`
  return `${printable(head)}\n  ${printable(settled)}\n`
}

function missing(passphrase: boolean, token: boolean): string {
  if (passphrase && token)
    return 'Standard input must hold the passphrase in its first line and the token in the second.'
  return passphrase ? 'Standard input holds no passphrase.' : 'Standard input holds no token.'
}
