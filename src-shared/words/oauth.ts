import type { OauthProviderId } from '../model/oauth.ts'

export type ClientSteps = {
  readonly name: string
  /** How to make a client ID, in order. */
  readonly steps: readonly string[]
  /** Where it is made. */
  readonly url: string
  /** What to register as the address to come back to; null where a desktop program needs none. */
  readonly redirect: string | null
  readonly secret: string
  readonly note: string
  /** Where a person sees and ends the sign-ins of an account. */
  readonly grantsUrl: string
}

/** How a person registers Rookery with each provider. */
export const oauthProviderWords: Record<OauthProviderId, ClientSteps> = {
  google: {
    name: 'Google',
    steps: [
      'Open Google Cloud and make a project, or choose one.',
      'Under “APIs and services”, switch on the Gmail API.',
      'Under “Google Auth Platform”, fill in the consent screen. With Google Workspace choose “Internal”: then nothing has to be verified.',
      'Under “Data access”, add the scope https://mail.google.com/.',
      'Under “Clients”, make a client of the type “Desktop app” and copy its client ID and client secret.',
    ],
    url: 'https://console.cloud.google.com/auth/clients',
    redirect: null,
    secret: 'Google asks for its client secret too. In a desktop program it keeps nothing secret.',
    note: 'While an “External” project is in testing, each address has to stand on its list of test users, and sign-ins end after seven days.',
    grantsUrl: 'https://myaccount.google.com/connections',
  },
  microsoft: {
    name: 'Microsoft',
    steps: [
      'Open the Microsoft Entra admin centre, “App registrations”, “New registration”.',
      'Choose who may sign in: your organisation alone, or any organisation and personal accounts.',
      'As redirect address choose “Public client/native” and enter http://localhost.',
      'Under “Authentication”, allow public client flows.',
      'Under “API permissions”, add the delegated permissions IMAP.AccessAsUser.All, SMTP.Send and offline_access.',
      'Copy the application (client) ID from the overview.',
    ],
    url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
    redirect: 'http://localhost',
    secret: 'A public client has no secret; leave it empty.',
    note: 'Sign-ins go through the address for any organisation, so an app for your organisation alone must allow other directories, or be approved by an administrator.',
    grantsUrl: 'https://account.live.com/consent/Manage',
  },
}

/** Whose client is in use, in one sentence. */
export function clientSentence(origin: 'own' | 'build' | null): string {
  if (origin === 'own') return 'Your own client ID is in use.'
  return origin === 'build'
    ? 'The client ID of this build is in use.'
    : 'No client ID is set, so nobody can sign in yet.'
}
