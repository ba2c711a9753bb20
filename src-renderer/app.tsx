import { useEffect } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { AlertsScreen } from './features/alerts/alerts-screen.tsx'
import { AddDomain } from './features/domains/add/add-domain.tsx'
import { DomainDetails } from './features/domains/details/domain-details.tsx'
import { DomainList } from './features/domains/list/domain-list.tsx'
import { RemovalDialog } from './features/domains/removal-dialog.tsx'
import { ConnectionGate } from './features/frame/connection-notice.tsx'
import { DemoBanner } from './features/frame/demo.tsx'
import { Palette } from './features/frame/palette.tsx'
import { Sidebar } from './features/frame/sidebar.tsx'
import { StatusBar } from './features/frame/status-bar.tsx'
import { applyTheme } from './features/frame/theme.ts'
import { AddMailbox } from './features/mailboxes/add/add-mailbox.tsx'
import { MailboxDetailsScreen } from './features/mailboxes/details/mailbox-details.tsx'
import { ImportMailboxes } from './features/mailboxes/import/import-mailboxes.tsx'
import { MailboxList } from './features/mailboxes/list/mailbox-list.tsx'
import { OfflineScreen } from './features/offline/offline-screen.tsx'
import { SettingsScreen } from './features/settings/settings-screen.tsx'
import { VaultGate } from './features/vault/unlock-screen.tsx'
import { useEngineStatusFollowed } from './features/frame/use-engine-status.ts'
import { useSettings } from './replica/queries.ts'
import { Toasts } from './ui/toast.tsx'

/** The window: sidebar, one screen, status bar. */
export function App() {
  useEngineStatusFollowed()
  const theme = useSettings()?.theme
  useEffect(() => {
    if (theme) applyTheme(theme)
  }, [theme])
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
                  <Route path="/domains/:id">{({ id }) => <DomainDetails key={id} id={id} />}</Route>
                  <Route path="/mailboxes" component={MailboxList} />
                  <Route path="/mailboxes/add" component={AddMailbox} />
                  <Route path="/mailboxes/import" component={ImportMailboxes} />
                  <Route path="/mailboxes/:id">{({ id }) => <MailboxDetailsScreen key={id} id={id} />}</Route>
                  <Route path="/alerts" component={AlertsScreen} />
                  <Route path="/offline" component={OfflineScreen} />
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
      <Palette />
      <RemovalDialog />
      <Toasts />
    </Router>
  )
}
