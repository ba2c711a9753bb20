import { matchesHost } from '#shared/host-pattern.ts'
import type { ConnectionAlternative, ConnectionSecurity, ServerAddress } from '#shared/model/connection.ts'
import type { Discovery, DiscoveryCandidate, LoginMethod } from '#shared/model/discovery.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import type { OauthProviderId } from '#shared/model/oauth.ts'

/** One server as it stands in the form: the port is text until it is sent. */
export type ServerDraft = { host: string; port: string; security: ConnectionSecurity; user: string }

export type SettingsDraft = {
  readonly smtp: ServerDraft
  readonly imap: ServerDraft
  readonly hasImap: boolean
  readonly login: 'password' | 'oauth'
  /** Whom it is signed in with already; else the servers tell. */
  readonly signedInWith: OauthProviderId | null
  readonly password: string
  readonly isSamePassword: boolean
  readonly imapPassword: string
  readonly allowPlain: boolean
  readonly pinnedCertificate: string | null
  readonly imapPinnedCertificate: string | null
  readonly testEmail: boolean
  readonly provider: MailboxConnection['provider']
}

const noServer = (user: string): ServerDraft => ({ host: '', port: '', security: 'tls', user })

export function emptyDraft(address: string): SettingsDraft {
  return {
    smtp: { ...noServer(address), port: '465' },
    imap: { ...noServer(address), port: '993' },
    hasImap: true,
    login: 'password',
    signedInWith: null,
    password: '',
    isSamePassword: true,
    imapPassword: '',
    allowPlain: false,
    pinnedCertificate: null,
    imapPinnedCertificate: null,
    testEmail: true,
    provider: null,
  }
}

/** The form as a candidate fills it in; what was typed as a password stays. */
export function draftOf(before: SettingsDraft, candidate: DiscoveryCandidate): SettingsDraft {
  const { smtp, imap, smtpUser, imapUser, provider } = candidate
  return {
    ...before,
    smtp: serverDraft(smtp, smtpUser),
    imap: imap === null ? noServer(imapUser) : serverDraft(imap, imapUser),
    hasImap: imap !== null,
    login: bestLogin(candidate.authentication, provider?.id ?? null),
    allowPlain: false,
    pinnedCertificate: null,
    imapPinnedCertificate: null,
    provider,
  }
}

/** Whether the servers in the form are those of the candidate. */
export function isAsFound(draft: SettingsDraft, candidate: DiscoveryCandidate): boolean {
  const found = draftOf(draft, candidate)
  const servers = ({ smtp, imap, hasImap }: SettingsDraft) => JSON.stringify([smtp, hasImap && imap])
  return servers(found) === servers(draft)
}

function bestLogin(methods: readonly LoginMethod[], provider: string | null): SettingsDraft['login'] {
  const takesPassword = methods.length === 0 || methods.some(method => method !== 'oauth')
  return takesPassword || oauthProviderOf(provider) === null ? 'password' : 'oauth'
}

export function chosenCandidate(discovery: Discovery): DiscoveryCandidate | null {
  return discovery.candidates[discovery.chosen ?? 0] ?? null
}

/** The form of a mailbox on the list; its password is not here and need not be typed again. */
export function draftOfConnection(connection: MailboxConnection, address: string): SettingsDraft {
  const { smtp, imap, login, allowPlain, provider } = connection
  const { pinnedCertificate, imapPinnedCertificate = pinnedCertificate } = connection
  return {
    ...emptyDraft(address),
    smtp: serverDraft(smtp.server, smtp.user),
    imap: imap === null ? noServer(address) : serverDraft(imap.server, imap.user),
    hasImap: imap !== null,
    login: login.kind,
    signedInWith: login.kind === 'oauth' ? login.provider : null,
    isSamePassword: login.kind === 'oauth' || !login.separate,
    allowPlain,
    pinnedCertificate,
    imapPinnedCertificate,
    provider,
  }
}

export function serverDraft({ host, port, security }: ServerAddress, user: string): ServerDraft {
  return { host, port: String(port), security, user }
}

/** A server that answered in place of the one in the form. */
export function withAlternative(draft: SettingsDraft, { smtp, imap }: ConnectionAlternative): SettingsDraft {
  return {
    ...draft,
    ...(smtp ? { smtp: serverDraft(smtp, draft.smtp.user) } : {}),
    ...(imap ? { imap: serverDraft(imap, draft.imap.user) } : {}),
  }
}

const usualPorts: Record<'smtp' | 'imap', Record<ConnectionSecurity, string>> = {
  smtp: { tls: '465', starttls: '587', plain: '587' },
  imap: { tls: '993', starttls: '143', plain: '143' },
}

/** The encryption changed: a usual port follows it, one of the person's own stays. */
export function withSecurity(
  protocol: 'smtp' | 'imap',
  server: ServerDraft,
  security: ConnectionSecurity,
): ServerDraft {
  const usual = Object.values(usualPorts[protocol])
  const port =
    server.port === '' || usual.includes(server.port) ? usualPorts[protocol][security] : server.port
  return { ...server, security, port }
}

/** What is wrong with a server, in a sentence; null when it can be tried. */
export function serverProblem({ host, port, user }: ServerDraft): string | null {
  if (host.trim() === '') return 'Which server? Its name is in the help pages of your mail provider.'
  if (/[\s/@]/.test(host.trim())) return 'The name of the server alone, such as smtp.example.com.'
  if (!/^\d{1,5}$/.test(port.trim()) || Number(port) < 1 || Number(port) > 65_535)
    return 'A port is a number from 1 to 65,535.'
  return user.trim() === '' ? 'Which user name logs in? Most often it is the whole address.' : null
}

export function mailServerOf({ host, port, security, user }: ServerDraft) {
  return { server: { host: host.trim(), port: Number(port), security }, user: user.trim() }
}

/** The connection as the engine takes it. */
export function connectionOf(draft: SettingsDraft) {
  const { allowPlain, pinnedCertificate, imapPinnedCertificate, provider } = draft
  return {
    smtp: mailServerOf(draft.smtp),
    imap: draft.hasImap ? mailServerOf(draft.imap) : null,
    allowPlain,
    pinnedCertificate,
    imapPinnedCertificate,
    provider,
  }
}

export function usesPlain({ smtp, imap, hasImap }: SettingsDraft): boolean {
  return smtp.security === 'plain' || (hasImap && imap.security === 'plain')
}

/** Whom one can sign in with at these servers, found or typed; null where a password is the way. */
export function signInOf({ signedInWith, provider, smtp }: SettingsDraft): OauthProviderId | null {
  if (signedInWith !== null) return signedInWith
  const known = oauthProviderOf(provider?.id ?? null)
  if (known !== null) return known
  const host = smtp.host.trim()
  if (matchesHost(host, 'gmail.com') || matchesHost(host, 'googlemail.com')) return 'google'
  return matchesHost(host, 'office365.com') || matchesHost(host, 'outlook.com') ? 'microsoft' : null
}

/** Whom a known provider signs in with. */
function oauthProviderOf(provider: string | null): OauthProviderId | null {
  if (provider === null) return null
  if (/^(?:gmail|google)/.test(provider)) return 'google'
  return /^(?:microsoft|outlook|office|m365|hotmail)/.test(provider) ? 'microsoft' : null
}

/** The certificates that were accepted, each once, and of which server where not of both. */
export function pinsOf({ pinnedCertificate, imapPinnedCertificate, hasImap }: SettingsDraft) {
  const imapPin = hasImap ? imapPinnedCertificate : null
  if (pinnedCertificate !== null && pinnedCertificate === imapPin)
    return [{ fingerprint: pinnedCertificate, sides: '' }]
  return [
    { fingerprint: pinnedCertificate, sides: ' for sending' },
    { fingerprint: imapPin, sides: ' for reading' },
  ].flatMap(({ fingerprint, sides }) => (fingerprint === null ? [] : [{ fingerprint, sides }]))
}

/** What no longer holds when a certificate is not accepted any more. */
export function withoutPin(
  { pinnedCertificate, imapPinnedCertificate }: SettingsDraft,
  fingerprint: string,
): Pick<SettingsDraft, 'pinnedCertificate' | 'imapPinnedCertificate'> {
  return {
    pinnedCertificate: pinnedCertificate === fingerprint ? null : pinnedCertificate,
    imapPinnedCertificate: imapPinnedCertificate === fingerprint ? null : imapPinnedCertificate,
  }
}
