import { type Deadline, startDeadline } from '../../net/deadline.ts'
import { limits } from '../../net/limits.ts'
import type { FolderPlace, MailAccess, MailHandle, WatchEvents } from '../../net/mail-world.ts'
import { done } from '../../net/trouble.ts'
import type { Clock, Log } from '../../platform.ts'
import { lineOf } from './contact.ts'
import { createMailConnection, type ConnectionOptions } from './connection.ts'
import type { MailFolders } from './folders.ts'
import { createHandle } from './handle.ts'
import { openFolder } from './new-messages.ts'
import type { Asked } from './messages.ts'
import type { MailSession } from './open-session.ts'
import { createPauses } from './pauses.ts'
import { createReader, fine, type Looked } from './reader.ts'

export type WatchWaits = {
  /** Between two full looks where IDLE tells of the inbox in between. */
  readonly roundMs: number
  /** Between two looks elsewhere. */
  readonly turnMs: number
  readonly retryMs: number
  readonly retryMostMs: number
  readonly lingerMs: number
}

export const usualWatchWaits: WatchWaits = {
  roundMs: limits.mailRoundMs,
  turnMs: limits.mailTurnMs,
  retryMs: limits.mailRetryMs,
  retryMostMs: limits.mailRetryMostMs,
  lingerMs: limits.mailLingerMs,
}

export type WatchOptions = Omit<ConnectionOptions, 'onChange' | 'access' | 'lingerMs'> & {
  readonly waits: WatchWaits
  readonly clock: Clock
  readonly log: Log
  /** Between 0 and 1, so that mailboxes do not look in step. */
  random(): number
}

/**
 * Watches one mailbox until stopped: a full look at inbox and junk, then IDLE on the inbox until something is new or the
 * next round is due; where the server has no IDLE, or the mailbox no connection of its own, a look now and then. A lost
 * connection is tried again, ever later; a refused login is not.
 */
export function watchMailbox(
  access: MailAccess,
  places: readonly FolderPlace[],
  events: WatchEvents,
  options: WatchOptions,
): { readonly mail: MailHandle; stop(): Promise<void> } {
  const { clock, log, waits, random } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const pauses = createPauses(clock)
  let told = ''
  /** Whether something came into the inbox since the last look. */
  const inbox = { isNew: false }

  const connection = createMailConnection({
    ...options,
    access,
    lingerMs: waits.lingerMs,
    onChange: change => {
      if (change === 'exists') inbox.isNew = true
      pauses.call()
    },
  })
  const mail = createHandle({
    withSession: (deadline, work) => connection.use(deadline, work),
    oursName: options.oursName,
    onOurs: connection.setOurs,
    stopping: signal,
    now: clock.now,
  })
  const tell = (kind: Parameters<WatchEvents['onState']>[0]['kind'], line: string | null) => {
    if (signal.aborted || told === `${kind} ${line}`) return
    told = `${kind} ${line}`
    events.onState({ kind, line })
  }
  const jittered = (ms: number) => ms * (0.8 + 0.4 * random())
  const backoffMs = (failures: number) =>
    jittered(Math.min(waits.retryMostMs, waits.retryMs * 4 ** Math.min(10, failures - 1)))

  const using = async <T>(
    work: (session: MailSession, folders: MailFolders, deadline: Deadline) => Promise<Asked<T>>,
  ) => {
    const deadline = startDeadline(limits.mailAskMs, signal)
    try {
      return await connection.use<T>(deadline, (session, folders) => work(session, folders, deadline))
    } finally {
      deadline.end()
    }
  }

  const reader = createReader(places, {
    mailboxId: access.mailboxId,
    lineOf: trouble => lineOf(trouble, access.connection, null),
    using,
    onPlace: place => events.onPlace(place),
    onMessage: seen => events.onMessage(seen, mail),
    signal,
    clock,
    log,
  })

  const lookAround = async (): Promise<Looked> => {
    const listed = await using<MailFolders>(async (_session, folders) => done(folders))
    if (listed.kind === 'unreachable')
      return { ok: false, line: listed.why.line, needsPerson: listed.why.needsPerson }
    if (listed.asked === 'gone' || !listed.asked.ok) return fine
    const { junk } = listed.asked.value
    const looked = await reader.lookInto(listed.asked.value.inbox)
    if (!looked.ok || junk === null) return looked
    const second = await reader.lookInto(junk)
    // A junk folder that cannot be opened does not keep the inbox from being watched.
    if (!second.ok) return connection.current() === null ? second : looked
    return looked.isHeld ? looked : second
  }

  /** Waits on the connection until something is new, the round is over or the connection is gone. */
  const listen = async (): Promise<void> => {
    const round = startRound(clock, jittered(waits.roundMs), pauses.call)
    let canIdle = true
    let earlyEnds = 0
    let idle: Idle | null = null
    try {
      while (!signal.aborted && !inbox.isNew && !round.isOver() && connection.current() !== null) {
        if (canIdle && idle === null) {
          const begun = await beginIdle()
          if (begun === null) return
          const one: Idle = {
            end: null,
            uses: connection.uses(),
            beganAt: performance.now(),
          }
          void begun.idling.then(answer => {
            one.end = answer === false ? 'refused' : 'ended'
            pauses.call()
          })
          idle = one
        }
        await pauses.wait(waits.roundMs)
        if (idle === null || idle.end === null) continue
        // Whatever else is done on the connection ends IDLE too, and is no fault of the server's.
        if (connection.uses() === idle.uses) {
          earlyEnds = performance.now() - idle.beganAt < limits.mailIdleMs ? earlyEnds + 1 : 0
          if (idle.end === 'refused' || earlyEnds > mostEarlyEnds) canIdle = false
        }
        idle = null
      }
    } finally {
      round.end()
    }
  }

  /** Begins IDLE on the inbox, unless there is something new in it; null when it could not be begun. */
  const beginIdle = async (): Promise<{ readonly idling: Promise<unknown> } | null> => {
    const begun = await using<{ readonly idling: Promise<unknown> } | null>(
      async (session, folders, deadline) => {
        const opened = await openFolder(session, folders.inbox.path, deadline, true)
        if (!opened.ok) return opened
        const { uidNext, uidValidity } = opened.value
        const place = reader.placeOf(folders.inbox.path)
        inbox.isNew ||=
          place?.uidValidity !== uidValidity || (uidNext !== null && uidNext - 1 !== place.lastUid)
        return done(inbox.isNew ? null : { idling: session.client.idle().catch(() => false) })
      },
    )
    return begun.kind === 'asked' && begun.asked !== 'gone' && begun.asked.ok ? begun.asked.value : null
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!signal.aborted) {
      inbox.isNew = false
      await connection.reserve(signal)
      const looked = await lookAround()
      if (signal.aborted) return
      if (!looked.ok) {
        await connection.drop()
        tell(looked.needsPerson ? 'refused' : 'offline', looked.line)
        if (looked.needsPerson) return connection.end()
        failures++
        await pauses.rest(Math.max(backoffMs(failures), connection.restMs()))
        continue
      }
      const canIdle = connection.current()?.client.capabilities.has('IDLE') === true
      const keeps = connection.keepsSeat()
      tell(keeps && canIdle ? 'watching' : 'polling', null)
      if (looked.isHeld) {
        await pauses.rest(backoffMs(2))
        continue
      }
      if (inbox.isNew) continue
      if (!keeps) {
        failures = 0
        await connection.drop()
        await pauses.rest(jittered(waits.turnMs))
        continue
      }
      const beganAt = clock.now()
      if (canIdle) await listen()
      else await pauses.rest(jittered(waits.turnMs))
      if (connection.current() !== null || clock.now() - beganAt >= waits.roundMs / 2) failures = 0
      else {
        failures++
        await pauses.rest(Math.max(backoffMs(failures), connection.restMs()))
      }
    }
  }

  const running = run().catch(error => {
    log.error('mail.watch-broke', {
      mailboxId: access.mailboxId,
      error: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
    })
  })
  return {
    mail,
    stop: async () => {
      stopping.abort()
      pauses.end()
      await connection.end()
      await running
      await connection.end()
    },
  }
}

type Idle = {
  end: 'ended' | 'refused' | null
  /** How often the connection had been used when it began. */
  readonly uses: number
  readonly beganAt: number
}

/** Servers that end IDLE at once this often in a row do not mean it. */
const mostEarlyEnds = 3

function startRound(clock: Clock, forMs: number, onOver: () => void) {
  let over = false
  const callOff = clock.after(forMs, () => {
    over = true
    onOver()
  })
  return { isOver: () => over, end: callOff }
}
