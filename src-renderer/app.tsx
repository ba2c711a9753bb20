import { useEffect } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { DomainList } from './features/domains/list/domain-list.tsx'
import { usePaletteOpen } from './features/frame/frame-state.ts'
import { ConnectionGate } from './features/frame/connection-notice.tsx'
import { DemoBanner } from './features/frame/demo.tsx'
import { Sidebar } from './features/frame/sidebar.tsx'
import { StatusBar } from './features/frame/status-bar.tsx'
import { applyTheme } from './features/frame/theme.ts'
import { VaultGate } from './features/vault/vault-gate.tsx'
import { useEngineStatusFollowed } from './features/frame/use-engine-status.ts'
import { forgetOldReplicas } from './replica/database.ts'
import { useSettings } from './replica/queries.ts'
import { later, loadParts } from './ui/later.tsx'
import { useIsSettled } from './features/frame/use-is-settled.ts'

/** All but the list: it is what the window opens with, and must not wait for the code of the others. */
const AddDomain = later({
  load: async () => (await import('./features/domains/add/add-domain.tsx')).AddDomain,
})
const DomainDetails = later({
  load: async () => (await import('./features/domains/details/domain-details.tsx')).DomainDetails,
})
const DomainSettings = later({
  load: async () => (await import('./features/domains/settings/domain-settings.tsx')).DomainSettings,
})
const MailboxList = later({
  load: async () => (await import('./features/mailboxes/list/mailbox-list.tsx')).MailboxList,
})
const AddMailbox = later({
  load: async () => (await import('./features/mailboxes/add/add-mailbox.tsx')).AddMailbox,
})
const ImportMailboxes = later({
  load: async () => (await import('./features/mailboxes/import/import-mailboxes.tsx')).ImportMailboxes,
})
const MailboxDetailsScreen = later({
  load: async () => (await import('./features/mailboxes/details/mailbox-details.tsx')).MailboxDetailsScreen,
})
const WarmupList = later({
  load: async () => (await import('./features/warmup/list/warmup-list.tsx')).WarmupList,
})
const MailboxWarmup = later({
  load: async () => (await import('./features/warmup/details/mailbox-warmup.tsx')).MailboxWarmup,
})
const PlacementScreen = later({
  load: async () => (await import('./features/warmup/placement/placement-screen.tsx')).PlacementScreen,
})
const ActivityScreen = later({
  load: async () => (await import('./features/warmup/activity/activity-screen.tsx')).ActivityScreen,
})
const TextsScreen = later({
  load: async () => (await import('./features/warmup/texts/texts-screen.tsx')).TextsScreen,
})
const PartnersScreen = later({
  load: async () => (await import('./features/warmup/partners/partners-screen.tsx')).PartnersScreen,
})
const RemovalDialog = later({
  load: async () => (await import('./features/domains/removal-dialog.tsx')).RemovalDialog,
})
const AlertsScreen = later({
  load: async () => (await import('./features/alerts/alerts-screen.tsx')).AlertsScreen,
})
const OfflineScreen = later({
  load: async () => (await import('./features/offline/offline-screen.tsx')).OfflineScreen,
})
const SyncScreen = later({
  load: async () => (await import('./features/sync/sync-screen.tsx')).SyncScreen,
})
const SettingsScreen = later({
  load: async () => (await import('./features/settings/settings-screen.tsx')).SettingsScreen,
})
const Palette = later({ load: async () => (await import('./features/frame/palette.tsx')).Palette })
const Toasts = later({ load: async () => (await import('./ui/toast-region.tsx')).Toasts })

/** The window: sidebar, one screen, status bar. */
export function App() {
  useEngineStatusFollowed()
  const theme = useSettings()?.theme
  useEffect(() => {
    if (theme) applyTheme(theme)
  }, [theme])
  const isSettled = useIsSettled()
  useEffect(() => {
    if (isSettled) void loadParts().then(forgetOldReplicas)
  }, [isSettled])
  const isPaletteOpen = usePaletteOpen()
  return (
    <Router hook={useHashLocation}>
      <div className="flex h-full flex-col">
        <VaultGate>
          <div className="flex min-h-0 flex-1">
            <Sidebar />
            <div className="flex min-w-0 flex-1 flex-col">
              <ConnectionGate>
                <DemoBanner />
                <Switch>
                  <Route path="/domains" component={DomainList} />
                  <Route path="/domains/add">
                    <AddDomain />
                  </Route>
                  <Route path="/domains/:id/setup/:step">
                    {({ id, step }) => (
                      <AddDomain key={id} id={id} step={step === 'verify' ? 'verify' : 'records'} />
                    )}
                  </Route>
                  <Route path="/domains/:id/settings">
                    {({ id }) => <DomainSettings key={id} id={id} />}
                  </Route>
                  <Route path="/domains/:id">{({ id }) => <DomainDetails key={id} id={id} />}</Route>
                  <Route path="/mailboxes" component={MailboxList} />
                  <Route path="/mailboxes/add" component={AddMailbox} />
                  <Route path="/mailboxes/import" component={ImportMailboxes} />
                  <Route path="/mailboxes/:id">{({ id }) => <MailboxDetailsScreen key={id} id={id} />}</Route>
                  <Route path="/warmup" component={WarmupList} />
                  <Route path="/warmup/placement" component={PlacementScreen} />
                  <Route path="/warmup/activity/:id?">{({ id }) => <ActivityScreen mailbox={id} />}</Route>
                  <Route path="/warmup/texts" component={TextsScreen} />
                  <Route path="/warmup/partners" component={PartnersScreen} />
                  <Route path="/warmup/mailbox/:id">{({ id }) => <MailboxWarmup key={id} id={id} />}</Route>
                  <Route path="/alerts" component={AlertsScreen} />
                  <Route path="/offline" component={OfflineScreen} />
                  <Route path="/sync" component={SyncScreen} />
                  <Route path="/settings" component={SettingsScreen} />
                  <Route>
                    <Redirect to="/domains" replace />
                  </Route>
                </Switch>
              </ConnectionGate>
            </div>
          </div>
        </VaultGate>
        <StatusBar />
      </div>
      {(isSettled || isPaletteOpen) && <Palette />}
      {isSettled && <RemovalDialog />}
      {isSettled && <Toasts />}
    </Router>
  )
}
