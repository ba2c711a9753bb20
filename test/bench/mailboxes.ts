import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '#engine/net/limits.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import type { Figure, Missing } from './figure.ts'
import type { MailboxesTask, MailboxesTold } from './mailboxes-process.ts'

const mailboxes = 500
const countEveryMs = 5
/** What tests that are over may leave in use. */
const keptTargetMb = 20
const settleMs = 500

/**
 * Many mailboxes tested through the engine against real Dovecot and Postfix, every one with a message to itself; then once
 * more, stopped in the middle. Sending goes to one host name and reading to another, as at most providers.
 */
export async function benchMailboxes(say: (line: string) => void): Promise<(Figure | Missing)[]> {
  const problem = mailServersProblem()
  if (problem !== null) return [{ name: `testing ${mailboxes} mailboxes`, why: problem }]
  say(`Starting Dovecot and Postfix for ${mailboxes} mailboxes.`)
  const servers = await startMailServers({ users: mailboxes })
  const folder = temporaryFolder()
  const child = fork(join(import.meta.dirname, 'mailboxes-process.ts'), { execArgv: ['--expose-gc'] })
  try {
    return await measured(child, servers, folder.path)
  } finally {
    child.kill()
    await servers.stop()
    folder.remove()
  }
}

async function measured(child: ChildProcess, servers: MailServers, dataDir: string): Promise<Figure[]> {
  const hear = listener(child)
  // A pipe, so that no password is an argument.
  child.send({ dataDir, list: listOf(servers), caPem: servers.caPem } satisfies MailboxesTask)
  const added = await hear('added')
  if (added.mailboxes !== mailboxes) throw new Error(`Only ${added.mailboxes} mailboxes were added.`)
  let most = 0
  const counting = setInterval(() => {
    most = Math.max(most, servers.connections().callers)
  }, countEveryMs)
  const tested = await hear('tested')
  const stopped = await hear('stopped')
  clearInterval(counting)
  await sleep(settleMs)
  const left = servers.connections()
  const { passed, partly, failed } = tested.outcome
  const atMost = 2 * limits.mailConnectionsPerHost
  return [
    figure(`testing ${mailboxes} mailboxes, mail sent and seen`, tested.tookMs, 'ms', {
      note: `${passed} passed, ${partly} partly, ${failed} failed; ${rate(tested.tookMs)} a second`,
    }),
    figure('mailboxes that passed', passed, 'events', { target: mailboxes, better: 'more' }),
    figure('progress told', tested.events, 'events', {
      target: 2 * mailboxes,
      better: 'more',
      note: 'each begun and each ended',
    }),
    figure('connections to the two host names', most, 'at once', {
      target: atMost,
      note: `at most ${limits.mailConnectionsPerHost} to each; counted every ${countEveryMs} ms`,
    }),
    figure('memory before', inMb(added.memory.residentBytes), 'MB', {
      note: `${mailboxes} mailboxes added; ${Math.round(inMb(added.memory.usedBytes))} MB of it in use`,
    }),
    figure('memory, the most', inMb(tested.mostBytes), 'MB', {
      note: 'of the whole process, with the room Node takes for garbage',
    }),
    figure('memory after', inMb(tested.memory.residentBytes), 'MB', {
      note: `${Math.round(inMb(tested.memory.usedBytes))} MB of it in use`,
    }),
    figure('more in use than before', inMb(tested.memory.usedBytes - added.memory.usedBytes), 'MB', {
      target: keptTargetMb,
    }),
    figure('stopped in the middle', stopped.tookMs, 'ms', {
      target: 2_000,
      note: `after ${stopped.ended} of ${mailboxes}`,
    }),
    figure('left open by the engine', stopped.socketsLeft, 'sockets', { target: 0 }),
    figure('left open as the callers have them', left.callers, 'sockets', { target: 0 }),
    figure('left open as the servers have them', left.servers, 'sockets', {
      target: 0,
      note: `${settleMs} ms later`,
    }),
  ]
}

const inMb = (bytes: number) => bytes / 1e6

const rate = (tookMs: number) => ((mailboxes / tookMs) * 1_000).toFixed(1)

function figure(
  name: string,
  value: number,
  unit: Figure['unit'],
  {
    target = null,
    better = 'less',
    note,
  }: { target?: number | null; better?: Figure['better']; note?: string },
): Figure {
  return { name, measured: value, unit, target, better, ...(note === undefined ? {} : { note }) }
}

function listOf({ address, password, ports }: MailServers): string {
  const head = 'address,password,smtp host,smtp port,smtp security,imap host,imap port,imap security'
  const rows = Array.from({ length: mailboxes }, (_, index) => {
    const user = index + 1
    const [smtp, imap, security] =
      user % 2 === 0
        ? ([ports.submissions, ports.imaps, 'tls'] as const)
        : ([ports.submission, ports.imap, 'starttls'] as const)
    return `${address(user)},${password(user)},localhost,${smtp},${security},mail.a.test,${imap},${security}`
  })
  return [head, ...rows].join('\n')
}

/** Waits for what the process tells next; fails when it ends before. */
function listener(child: ChildProcess) {
  return <Kind extends MailboxesTold['kind']>(kind: Kind): Promise<MailboxesTold & { kind: Kind }> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`The process that tests ended with ${code}.`))
      child.once('exit', gone)
      const onMessage = (told: MailboxesTold) => {
        if (told.kind !== kind) return
        child.off('exit', gone)
        child.off('message', onMessage)
        resolve(told as MailboxesTold & { kind: Kind })
      }
      child.on('message', onMessage)
    })
}
