import { fail, ok, type Result } from '#shared/failure.ts'
import type { WarmupActivityCode } from '#shared/model/warmup-view.ts'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import type { guarded } from '../guard.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Writes } from '../storage/open.ts'
import { listActivity, noteActivity } from './activity.ts'
import { campaignOn, campaignPerDay, placementCells, unplanAfter, writeCampaign } from './days.ts'
import { domainReputation, warmupDetails } from './details.ts'
import { acceptStanding } from './look-at-health.ts'
import { isTimeZone } from './local-day.ts'
import {
  askForLook,
  type Member,
  memberOfMailbox,
  noteEvidence,
  putMember,
  takeOut,
  writeDaysDone,
  writeHealth,
  writePausedByPerson,
  writeSettingsOf,
} from './members.ts'
import { tellRules } from './newcomers.ts'
import { guestsFor, openGuests } from './partners/may-write.ts'
import { previewRamp, rampDays } from './plan.ts'
import { dateBack, planToday } from './plan-days.ts'
import { poolReach } from './pool.ts'
import type { RowContext } from './rows.ts'
import type { Runner } from './runner.ts'
import { usualSettings, type WarmupSurroundings } from './surroundings.ts'
import { readTemplates, writeTemplates } from './texts.ts'
import { templateProblems, tryTemplate } from './try-template.ts'

const previewDaysAfterRamp = 10
const placementDays = 28

export type ProcedureDependencies = {
  readonly surroundings: WarmupSurroundings
  rows(): RowContext
  running(): Runner
  now(): number
  wake(): void
}

/** What may be asked of warmup: `src-shared/contract/warmup.ts` says what each procedure answers. */
export function warmupProcedures(engine: ReturnType<typeof guarded>, dependencies: ProcedureDependencies) {
  const { surroundings, rows, running, now } = dependencies
  const { store, mailboxes, standingOf } = surroundings
  const os = engine.warmup

  /** Does `work` to each of these that warms up and tells which it changed. */
  const change = (
    ids: readonly string[],
    code: WarmupActivityCode | null,
    work: (writes: Writes, member: Member) => boolean,
  ) => {
    const written = writeOrFail(store, writes => ({
      changed: [...new Set(ids)].filter(id => {
        const member = memberOfMailbox(writes, id)
        if (member === null || !member.isOn || !work(writes, member)) return false
        if (code !== null) noteActivity(writes, member.no, code, {}, now())
        askForLook(writes, member.no, now())
        return true
      }),
    }))
    running().roster.touch()
    dependencies.wake()
    return written
  }

  /** The rest of today by what holds now. */
  const planAnew = (ids: readonly string[]) => {
    const { roster, seed, dates } = running()
    roster.touch()
    const participants = roster.all()
    const whose = participants.filter(({ member, isUsable }) => isUsable && ids.includes(member.mailboxId))
    if (whose.length > 0)
      store.write(writes => {
        const guests = (id: string) => guestsFor(roster, id, now()).length
        const { ofDomain } = surroundings
        planToday(writes, { seed, participants, guestsFor: guests, dates, now: now(), ofDomain }, whose)
      })
    roster.touch()
  }

  return {
    start: os.start.handler(({ input }) => {
      const valid = input.settings === null ? ok(null) : checked(input.settings)
      if (!valid.ok) return valid
      const written = writeOrFail(store, writes => {
        const changed = [...new Set(input.ids)].filter(id => {
          const mailbox = mailboxes.find(writes, id)
          if (mailbox === null || memberOfMailbox(writes, id)?.isOn === true) return false
          const settings = input.settings ?? usualSettings(surroundings, writes, mailbox)
          noteActivity(writes, putMember(writes, id, settings, now()), 'started', {}, now())
          return true
        })
        tellRules(surroundings, writes, changed[0] ?? null)
        return { changed }
      })
      running().roster.touch()
      if (written.ok) planAnew(written.value.changed)
      dependencies.wake()
      return written
    }),

    stop: os.stop.handler(({ input }) =>
      change(input.ids, 'stopped', (writes, member) => {
        takeOut(writes, member)
        writes.run("UPDATE warmup_slots SET state = 'dropped' WHERE no = ? AND state = 'open'", member.no)
        surroundings.alerts.end(writes, {
          code: 'warmup.paused',
          mailboxId: member.mailboxId,
          subject: 'health',
        })
        return true
      }),
    ),

    pause: os.pause.handler(({ input }) => {
      const written = change(input.ids, null, (writes, member) => {
        if (member.isPausedByPerson) return false
        writePausedByPerson(writes, member, true)
        return true
      })
      if (written.ok) running().lookAtHealth(written.value.changed)
      return written
    }),

    resume: os.resume.handler(({ input }) => {
      const written = change(input.ids, null, (writes, member) => letGoOn(writes, member, input.anyway))
      if (!written.ok) return written
      running().lookAtHealth(written.value.changed)
      // A pause whose cause is still there stands.
      const changed = written.value.changed.filter(id => memberOfMailbox(store, id)?.health.pause === null)
      planAnew(changed)
      return ok({ changed })
    }),

    skip: os.skip.handler(({ input }) => {
      const written = change(input.ids, 'skipped', (writes, member) => {
        if (member.evidence.isReady) return false
        writeDaysDone(writes, member, Math.max(member.daysDone, rampDays(member.settings)))
        noteEvidence(writes, member.no, { isReady: true }, now())
        return true
      })
      if (written.ok) planAnew(written.value.changed)
      return written
    }),

    setSettings: os.setSettings.handler(({ input }) => {
      const valid = checked(input.settings)
      if (!valid.ok) return valid
      const written = change(input.ids, 'settings-changed', (writes, member) => {
        if (JSON.stringify(member.settings) === JSON.stringify(input.settings)) return false
        writeSettingsOf(writes, member, input.settings)
        // West of here a date that was planned is still to come; it gets a plan of its own when it does.
        unplanAfter(writes, member.no, running().dates.dateOf(now(), input.settings.timeZone))
        return true
      })
      if (written.ok) planAnew(written.value.changed)
      return written
    }),

    preview: os.preview.handler(({ input }) => {
      const { settings, id } = input
      const valid = checked(settings)
      if (!valid.ok) return valid
      const { seed, dates, roster } = running()
      const startDate = dates.dateOf(now(), settings.timeZone)
      const days = rampDays(settings) + previewDaysAfterRamp
      const ramp = previewRamp(settings, { startDate, days, seed, mailboxId: id ?? 'preview' })
      const own = id === null ? null : mailboxes.find(store, id)
      const pool = roster
        .all()
        .map(({ mailbox }) => ({ domain: mailbox.domainName, provider: mailbox.provider }))
      const isNew = own !== null && !roster.all().some(({ mailbox }) => mailbox.id === own.id)
      if (isNew) pool.push({ domain: own.domainName, provider: own.provider })
      pool.push(...openGuests(roster, now()))
      const { replyRate, targetPerDay } = settings
      return ok({ ramp, reach: poolReach(pool, { replyRate, targetPerDay }) })
    }),

    details: os.details.handler(({ input }) => {
      const details = warmupDetails(rows(), standingOf, input.id)
      return details === null ? fail('mailbox-not-found', { id: input.id }) : ok(details)
    }),

    domain: os.domain.handler(({ input }) => {
      const row = store.get<{ name: string }>('SELECT name FROM domains WHERE id = ?', input.id)
      return row === undefined
        ? fail('domain-not-found', { id: input.id })
        : ok(domainReputation(rows(), standingOf, row.name))
    }),

    placements: os.placements.handler(({ input }) => {
      const member = input.id === null ? null : memberOfMailbox(store, input.id)
      if (input.id !== null && member === null) return ok([])
      const today = new Date(now()).toISOString().slice(0, 10)
      return ok(placementCells(store, member?.no ?? null, dateBack(today, placementDays)))
    }),

    activity: os.activity.handler(({ input }) => {
      const { id, codes, before, limit } = input
      return ok(listActivity(store, { mailboxId: id, codes, before, limit }))
    }),

    templates: os.templates.handler(() => ok(readTemplates(store))),

    setTemplates: os.setTemplates.handler(({ input }) => {
      const problems = templateProblems(input.templates)
      if (problems.length > 0) return ok({ problems })
      const written = writeOrFail(store, writes => writeTemplates(writes, input.templates))
      return written.ok ? ok({ problems }) : written
    }),

    tryTemplate: os.tryTemplate.handler(({ input }) => ok(tryTemplate(input))),

    setCampaign: os.setCampaign.handler(({ input }) => {
      const { date, messages } = input
      const written = change(input.ids, null, (writes, { no, mailboxId }) => {
        const before = date === null ? campaignPerDay(writes, no) : campaignOn(writes, no, date)
        if (before === messages) return false
        writeCampaign(writes, no, date, messages)
        const facts = { messages, ...(date === null ? {} : { date }) }
        noteActivity(writes, no, 'campaign-changed', facts, now())
        writes.changed('warmup', mailboxId, 'put')
        return true
      })
      if (written.ok) planAnew(written.value.changed)
      return written
    }),
  }

  /** Ends a person's pause; one that Rookery made is looked at now, and with `anyway` ended whatever its cause. */
  function letGoOn(writes: Writes, member: Member, anyway: boolean): boolean {
    const { health } = member
    const isOwn = health.pause !== null && health.pause.reason !== 'paused-by-person'
    if (!member.isPausedByPerson && !isOwn) return false
    writePausedByPerson(writes, member, false)
    if (health.pause === null) return true
    const participant = running().roster.of(member.no)
    if (anyway && participant !== null) acceptStanding(surroundings, writes, participant, now())
    const next =
      isOwn && anyway
        ? {
            ...health,
            pause: null,
            limit: null,
            slow: { reason: 'resuming' as const, sinceAt: now(), troubleAt: now() },
            evidenceFromAt: now(),
          }
        : { ...health, pause: { ...health.pause, reviewAt: isOwn ? now() : health.pause.reviewAt } }
    const { score } = member
    writeHealth(writes, member, { health: next, sinceAt: now(), lookAt: now(), score })
    return true
  }
}

function checked(settings: WarmupSettings): Result<null> {
  return isTimeZone(settings.timeZone) ? ok(null) : fail('invalid-input', { field: 'timeZone' })
}
