import type { Settings } from '#shared/model/settings.ts'
import type { ReactNode } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useSettings } from '../../replica/queries.ts'
import { Segments } from '../../ui/choice.tsx'
import { Loading } from '../../ui/loading.tsx'
import { NotYet } from '../frame/not-yet.tsx'
import { tellFailure } from '../frame/failures.ts'
import { BlacklistSettings } from '../blacklists/blacklist-settings.tsx'
import { SyncSettings } from '../sync/sync-settings.tsx'
import { VaultSettings } from '../vault/vault-settings.tsx'
import { Page } from '../frame/page.tsx'
import { NetworkLog } from './network-log.tsx'
import { OauthSettings } from './oauth-settings.tsx'
import { CompareMail, ReachSettings } from './reach-settings.tsx'
import { ResolverSettings } from './resolver-settings.tsx'
import { WarmupSettings } from './warmup-settings.tsx'

export function SettingsScreen() {
  const settings = useSettings()
  return (
    <Page title="Settings">
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-3xl flex-col px-6 py-2">
          {settings ? (
            <>
              <Section title="Appearance" description="Follows your system unless you choose.">
                <ThemeChoice theme={settings.theme} />
              </Section>
              <Section
                title="DNS servers"
                description="Where questions are asked. Leave the list empty to use the servers of this machine."
              >
                <ResolverSettings resolvers={settings.resolvers} />
              </Section>
              <Section
                title="How far an audit reaches"
                description="Whom it contacts beside the DNS servers, here and at night. What is off is left out."
              >
                <ReachSettings reach={settings.reach} />
              </Section>
              <Section
                title="Connection tests"
                description="Whom a test of a mailbox contacts beside its own servers."
              >
                <CompareMail isOn={settings.compareMail} />
              </Section>
              <Section
                title="Warmup"
                description="What holds for every mailbox. The pace is set for each of them."
              >
                <WarmupSettings choices={settings.warmup} />
              </Section>
            </>
          ) : (
            <Loading label="Loading the settings" />
          )}
          <Section
            title="Blacklists"
            description="Asked once a day for your domains and the addresses your SPF record names."
          >
            <BlacklistSettings />
          </Section>
          <Section
            title="Vault"
            description="Passwords, tokens and private keys are sealed, each on its own, with a key that is never kept beside the data."
          >
            <VaultSettings />
          </Section>
          <Section
            title="Sign-in"
            description="Signing in to mailboxes at Google and Microsoft goes through a client ID: your own, or that of this build."
          >
            <OauthSettings />
          </Section>
          <Section
            title="Tenant API"
            description="Keeps your domains and mailboxes level with a server, if you have one. Nothing here waits for it."
          >
            <SyncSettings />
          </Section>
          <Section
            title="Your data"
            description="One SQLite file in one folder. Back it up by copying the folder while Rookery is closed."
          >
            <DataFolder />
          </Section>
          <Section
            title="Network log"
            description="Every host Rookery contacted, for what, and how often. There is no telemetry."
          >
            <NetworkLog />
          </Section>
        </div>
      </div>
    </Page>
  )
}

function Section({
  title,
  description,
  children,
}: {
  title: string
  description: string
  children: ReactNode
}) {
  return (
    <section
      aria-label={title}
      className="grid gap-x-10 gap-y-3 border-b border-line py-6 last:border-0 md:grid-cols-[200px_1fr]"
    >
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="text-meta text-ink-soft">{description}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  )
}

function ThemeChoice({ theme }: { theme: Settings['theme'] }) {
  const client = useClient()
  const choose = async (picked: string) => {
    const result = await client.settings.set({ theme: picked as Settings['theme'] })
    if (!result.ok) tellFailure(result.failure)
  }
  return (
    <Segments
      label="Theme"
      value={theme}
      onChange={picked => void choose(picked)}
      options={[
        { id: 'system', label: 'System' },
        { id: 'light', label: 'Light' },
        { id: 'dark', label: 'Dark' },
      ]}
    />
  )
}

function DataFolder() {
  const connection = useConnectionState()
  if (connection.kind !== 'open') return <NotYet />
  const folder = connection.hello.host.dataFolder
  return folder ? (
    <code className="font-mono text-meta [overflow-wrap:anywhere]">{folder}</code>
  ) : (
    <p>Kept in memory for this run alone.</p>
  )
}
