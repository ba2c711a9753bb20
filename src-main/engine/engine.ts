import { ok, type Result } from '#shared/failure.ts'
import { connectionLinkHosts } from '#shared/words/connection.ts'
import { keysDue, listingAlerts, loginAlerts } from './alert-events.ts'
import { createAlerts } from './alerts/alerts.ts'
import { alertProcedures } from './alerts/procedures.ts'
import { alertReader, pruneAlerts } from './alerts/store.ts'
import { delistHosts } from './blacklists/lists.ts'
import { blacklistProcedures, listsInUse } from './blacklists/procedures.ts'
import { keptSelfTests } from './blacklists/store.ts'
import { planSweeps, sweepJob, sweepKind } from './blacklists/sweep-job.ts'
import { createSweeper } from './blacklists/sweep.ts'
import { createAudits } from './domains/audits.ts'
import { checkJob } from './domains/checks-queue.ts'
import { parseDomainName } from './domains/domain-name.ts'
import { offlineProcedures } from './domains/offline/procedures.ts'
import { addDomain, domainProcedures } from './domains/procedures.ts'
import { ownSelectors } from './domains/key-store.ts'
import { linkHosts } from './domains/providers.ts'
import { recordProcedures } from './domains/record-procedures.ts'
import { type DemoControl, demoProcedures } from './demo/procedures.ts'
import { createDmarcReports } from './dmarc-reports/feature.ts'
import { evidenceOf } from './dmarc-reports/evidence.ts'
import { askingWithin } from './domains/source.ts'
import { planRechecks, recheckJob } from './domains/recheck.ts'
import { lastReport, type ReportKept } from './domains/reports.ts'
import { domainsByName } from './domains/by-name.ts'
import { domainReader, findByName, findPolling, jobKinds, purgeRemoved } from './domains/store.ts'
import { sendingRanges } from './domains/spf-senders.ts'
import { verificationJob } from './domains/verification.ts'
import { type EngineRouter, guarded } from './guard.ts'
import { hostProcedures } from './host/procedures.ts'
import { engineStatus } from './host/status.ts'
import { createJobs } from './jobs/jobs.ts'
import { credentialsOf, mailboxAsTold } from './mailboxes/as-told.ts'
import type { AccessToken } from './mailboxes/credentials.ts'
import { createMailboxes } from './mailboxes/feature.ts'
import { type MakeMailReach, networkMail } from './mailboxes/mail-reach.ts'
import { mailboxLinkHosts } from './mailboxes/discovery/providers.ts'
import { createOutside, type Outside } from './net/outside.ts'
import { createResolver } from './net/resolve.ts'
import { formatServerAddress } from './net/server-address.ts'
import { createClients } from './oauth/clients.ts'
import { oauthProcedures } from './oauth/procedures.ts'
import { oauthEndpoints, oauthLinkHosts } from './oauth/providers.ts'
import { createOauthRequest, type OauthRequest } from './oauth/request.ts'
import { createTokens } from './oauth/tokens.ts'
import type { Platform } from './platform.ts'
import { repeat } from './repeat.ts'
import { keepNetworkLog } from './settings/contacts.ts'
import { settingsProcedures } from './settings/procedures.ts'
import { applyResolvers } from './settings/resolvers.ts'
import { readSettings, settingsReader } from './settings/store.ts'
import { pruneChanges } from './storage/changes.ts'
import { type OpenFailure, openStore, type Store, type Writes } from './storage/open.ts'
import { changesProcedures } from './storage/procedures.ts'
import { createSync, type MakeTenantApi } from './sync/feature.ts'
import { createTenantClient } from './sync/tenant-client.ts'
import { vaultProcedures } from './vault/procedures.ts'
import { createVault, type Vault } from './vault/vault.ts'
import { createWarmup } from './warmup/feature.ts'
import { warmupSurroundings } from './warmup-surroundings.ts'

export type Engine = {
  /** What every host serves. It answers before `start` too. */
  readonly router: EngineRouter
  readonly dataId: string
  /** Begins the work in the background: queued checks, polls, and what the last run left undone. */
  start(): void
  /** Cancels what runs, keeps what is known and lets the data folder go, within two seconds. */
  stop(): Promise<void>
}

const stopWithinMs = 1_500
const tidyEveryMs = 60 * 60_000
/** How soon a new domain gets its nightly check and its sweep of the blacklists. */
const planEveryMs = 60_000
const reachKeychainEveryMs = 60_000
/** A laptop that changes networks gets other servers from its system. */
const systemServersEveryMs = 30_000

/**
 * The whole engine on one data folder: opens the store, wires the features, offers them as one router. Nothing reaches
 * the network before it is asked to or `start` is called. Fails as `openStore` does. `makeResolver` and `makeOutside` let
 * something other than the network answer: a literal zone, a stored snapshot, or with null nothing at all; then no
 * operator needs the pace that blacklists are asked in. `makeMail` stands in for mail servers, `endpoints` and `request`
 * for the providers that people sign in with. `demo` is the time that may be played; without it time is the host's.
 */
export async function createEngine(
  platform: Platform,
  makeResolver: typeof createResolver = createResolver,
  makeOutside: (...options: Parameters<typeof createOutside>) => Outside | null = createOutside,
  {
    blacklistPaceMs,
    makeMail = networkMail,
    makeTenantApi,
    endpoints = oauthEndpoints,
    request: requestInstead,
    demo = null,
  }: {
    readonly blacklistPaceMs?: number
    readonly makeMail?: MakeMailReach
    readonly makeTenantApi?: MakeTenantApi
    readonly endpoints?: typeof oauthEndpoints
    readonly request?: OauthRequest
    readonly demo?: DemoControl | null
  } = {},
): Promise<Result<Engine, OpenFailure>> {
  const { clock, log } = platform
  const opened = await openStore(platform.dataDir, clock.now, demo === null ? 'lasting' : 'fleeting')
  if (!opened.ok) return opened
  const store = opened.value
  const stopping = new AbortController()

  const networkLog = keepNetworkLog(store, clock, log)
  const resolver = makeResolver({ networkLog, now: clock.now })
  const jobs = createJobs({ store, clock, log })
  const outside = makeOutside({ networkLog, now: clock.now })
  const audits = createAudits({
    resolver,
    outside,
    now: clock.now,
    reachByDefault: () => readSettings(store).reach,
    selectorsOf: name => ownSelectors(store, name),
    evidenceOf: name =>
      evidenceOf(store, name, clock.now(), () => {
        const domain = findByName(store, name)
        return domain === null ? [] : sendingRanges(lastReport(store, domain.id))
      }),
  })
  const alerts = createAlerts(store, platform)
  const onKept: ReportKept = (writes, { id, before, after, status }) =>
    alerts.compare(writes, id, { before, after }, status)
  const vault = createVault({ store, keychain: platform.keychain, clock, log, waitingJobs: jobs.heldBack })
  vault.onReady(jobs.wake)
  const clients = createClients(store, vault)
  const request = requestInstead ?? (outside === null ? notOutside : createOauthRequest({ networkLog }))
  const tokens = createTokens({
    vault,
    endpoints,
    clientOf: clients.of,
    request,
    now: clock.now,
  })
  const servers = () => resolver.servers().map(formatServerAddress).join(' ')
  const sweeper = createSweeper({
    resolver,
    clock,
    selfTests: keptSelfTests(store, servers),
    ...(blacklistPaceMs === undefined ? {} : { paceMs: blacklistPaceMs }),
  })
  const blacklists = {
    store,
    sweeper,
    secrets: vault,
    events: listingAlerts(alerts),
    readDomain: (id: string) => {
      const domain = findPolling(store, id)
      return domain === null ? null : { name: domain.name, report: lastReport(store, id) }
    },
    readName: parseDomainName,
    lists: () => listsInUse(store, vault),
    resolver: servers,
    now: clock.now,
  }
  const accessToken: AccessToken = async (_provider, address, signal, renew = false) => {
    const token = await tokens.access(address, { signal, renew })
    return token.ok ? ok(token.value.accessToken) : token
  }
  const reach = makeMail({
    resolver,
    outside,
    networkLog,
    clock,
    log,
    readName: parseDomainName,
    mayCompare: () => readSettings(store).compareMail,
  })
  const mailboxes = createMailboxes({
    store,
    jobs,
    vault,
    reach,
    events: loginAlerts(alerts),
    accessToken,
    readName: parseDomainName,
    addDomain: (writes, name) => {
      const parsed = parseDomainName(name)
      if (parsed.ok)
        addDomain(writes, { jobs, mailboxes: mailboxes.ofDomain, now: clock.now }, parsed.value, [])
    },
    now: clock.now,
  })
  const warmup = createWarmup(
    warmupSurroundings({
      store,
      jobs,
      platform,
      vault,
      alerts,
      accessToken,
      world: reach.world,
      keeper: mailboxes.keeper,
      network: () => resolver.status().network,
    }),
  )
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const sync = createSync({
    store,
    jobs,
    vault,
    makeApi: makeTenantApi ?? (options => createTenantClient({ ...options, networkLog, now: clock.now })),
    domains: domainsByName({ jobs, mailboxes: mailboxes.ofDomain, now: clock.now }),
    findMailbox: mailboxAsTold,
    readCredentials: addressKey => credentialsOf(store, vault, addressKey),
    timeZone,
    log,
    random: Math.random,
    now: clock.now,
  })
  store.beforeCommit(sync.noteChanges)
  const dmarcReports = createDmarcReports({
    store,
    jobs,
    timeZone,
    openMailbox: mailboxes.open,
    readDomain: id => {
      const domain = findPolling(store, id)
      return domain === null ? null : { name: domain.name, known: sendingRanges(lastReport(store, id)) }
    },
    isReady: vault.isReady,
    now: clock.now,
  })
  const repeated = [
    repeat(clock, systemServersEveryMs, () => applyResolvers(resolver, readSettings(store).resolvers)),
  ]

  const implementer = guarded(log)
  const router = implementer.router({
    domains: domainProcedures(implementer, {
      store,
      jobs,
      audits,
      onKept,
      mailboxes: mailboxes.ofDomain,
      now: clock.now,
    }),
    mailboxes: mailboxes.procedures(implementer),
    warmup: warmup.procedures(implementer),
    partners: warmup.partnerProcedures(implementer),
    records: recordProcedures(implementer, {
      store,
      keeper: vault,
      dataDir: platform.dataDir,
      now: clock.now,
      asking: askingWithin(resolver),
    }),
    offline: offlineProcedures(implementer, { store, now: clock.now }),
    blacklists: blacklistProcedures(implementer, blacklists),
    dmarcReports: dmarcReports.procedures(implementer),
    alerts: alertProcedures(implementer, { store, now: clock.now }),
    oauth: oauthProcedures(implementer, {
      clients,
      tokens,
      request,
      platform,
      readDomain: parseDomainName,
      endpoints,
    }),
    settings: settingsProcedures(implementer, { store, resolver, networkLog }),
    sync: sync.procedures(implementer),
    vault: vaultProcedures(implementer, vault),
    changes: changesProcedures(implementer, {
      store,
      readers: {
        domains: domainReader(store),
        mailboxes: mailboxes.reader,
        warmup: warmup.reader,
        partners: warmup.partnersReader,
        alerts: alertReader(store),
        settings: settingsReader(store),
        ...sync.readers,
      },
      stopping: stopping.signal,
    }),
    demo: demoProcedures(implementer, { demo, stopping: stopping.signal }),
    host: hostProcedures(implementer, {
      platform,
      dataId: store.dataId,
      asksOutside: outside !== null,
      linkHosts: [
        ...linkHosts,
        ...delistHosts,
        ...mailboxLinkHosts,
        ...oauthLinkHosts,
        ...connectionLinkHosts,
      ],
      stopping: stopping.signal,
      status: () =>
        engineStatus(resolver.status(), audits.running(), jobs.counts(jobKinds.check), vault.state()),
    }),
  })

  /** What stands on the list and is not planned yet: a new domain, or one whose job was lost. */
  const plan = () => {
    store.write(writes => {
      planRechecks(jobs, writes, clock.now(), timeZone)
      planSweeps(jobs, writes, clock.now())
      mailboxes.plan(writes)
      sync.plan(writes)
      dmarcReports.plan(writes)
      alerts.remind(writes, 'dkim.key-old', keysDue(writes, clock.now()))
    })
  }

  const start = () => {
    const ofFeatures = [mailboxes.purge, sync.prune, dmarcReports.prune]
    repeated.push(repeat(clock, tidyEveryMs, () => tidy(store, ofFeatures, clock.now())))
    repeated.push(repeat(clock, planEveryMs, () => plan()))
    repeated.push(repeat(clock, reachKeychainEveryMs, () => void reachKeychain(vault)))
    jobs.start({
      [jobKinds.check]: checkJob(store, audits, jobs, clock.now, onKept),
      [jobKinds.verify]: verificationJob(store, audits, clock.now, onKept),
      [jobKinds.recheck]: recheckJob({ store, audits, now: clock.now, timeZone, onKept }),
      [sweepKind]: sweepJob(blacklists),
      ...mailboxes.jobs,
      ...sync.jobs,
      ...dmarcReports.jobs,
      ...warmup.jobs,
    })
    warmup.start()
  }

  const stop = async () => {
    stopping.abort()
    for (const callOff of repeated) callOff()
    sweeper.stop()
    await within(stopWithinMs, Promise.all([jobs.stop(), audits.stop(), warmup.stop()]))
    networkLog.stop()
    vault.stop()
    resolver.close()
    store.close()
  }

  let stopped: Promise<void> | null = null
  return ok({ router, dataId: store.dataId, start, stop: () => (stopped ??= stop()) })
}

/** Where nothing beside the resolver may be contacted, nobody signs in. */
const notOutside = () => Promise.reject(new TypeError('nothing outside is asked'))

/** Tries a keychain that was away again; one that is locked would ask the person each time, and is left alone. */
async function reachKeychain(vault: Vault): Promise<void> {
  const { state, place, keychain } = vault.state()
  const isAway = state === 'unavailable' && keychain !== 'locked'
  if (place === 'keychain' && (keychain === 'unknown' || isAway)) await vault.look()
}

function tidy(store: Store, ofFeatures: readonly ((writes: Writes) => void)[], now: number): void {
  store.write(writes => {
    for (const purge of ofFeatures) purge(writes)
    purgeRemoved(writes, now)
    pruneAlerts(writes, now)
    pruneChanges(writes)
  })
}

async function within(budgetMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, budgetMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
