import type { OauthProviderId } from '#shared/model/oauth.ts'
import { oauthProviderWords } from '#shared/words/oauth.ts'

/** How one provider signs people in. */
export type OauthEndpoints = {
  readonly issuer: string
  readonly authorization: string
  readonly token: string
  /** What is asked for beside `mailScopes`: who it is, and a token that lasts. */
  readonly scopes: readonly string[]
  /** Without all of these there is no mail. */
  readonly mailScopes: readonly string[]
  /** The host of the address the browser comes back to: the one the provider registers for desktop programs. */
  readonly redirectHost: '127.0.0.1' | 'localhost'
  readonly extra: Readonly<Record<string, string>>
  /** The claims of the ID token that may hold the user name to log in with, the best first. */
  readonly accountClaims: readonly string[]
}

/**
 * Google: developers.google.com/identity/protocols/oauth2/native-app; consent is asked for each time, or no refresh
 * token comes with a second sign-in. Microsoft: learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, and
 * for the scopes learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth;
 * the port of `http://localhost` is not compared there, that of 127.0.0.1 cannot be registered in its form.
 */
export const oauthEndpoints: Readonly<Record<OauthProviderId, OauthEndpoints>> = {
  google: {
    issuer: 'https://accounts.google.com',
    authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    scopes: ['openid', 'email'],
    mailScopes: ['https://mail.google.com/'],
    redirectHost: '127.0.0.1',
    extra: { access_type: 'offline', prompt: 'consent' },
    accountClaims: ['email'],
  },
  microsoft: {
    // Every organisation issues under its own name; `{tenantid}` is filled in from the token.
    issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    authorization: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    token: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scopes: ['openid', 'email', 'profile', 'offline_access'],
    mailScopes: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'https://outlook.office.com/SMTP.Send'],
    redirectHost: 'localhost',
    extra: { prompt: 'select_account' },
    // Exchange knows people by their principal name; the address in `email` may be one that is only written to.
    accountClaims: ['preferred_username', 'email'],
  },
}

/** The https hosts of the pages where clients are made and sign-ins are ended. */
export const oauthLinkHosts: readonly string[] = Object.values(oauthProviderWords).flatMap(
  ({ url, grantsUrl }) => [new URL(url).hostname, new URL(grantsUrl).hostname],
)
