import { z } from 'zod'

/** How a connection is encrypted: from the first octet, after STARTTLS, or not at all. */
export const connectionSecurityIds = ['tls', 'starttls', 'plain'] as const
export const connectionSecuritySchema = z.enum(connectionSecurityIds)
export type ConnectionSecurity = z.infer<typeof connectionSecuritySchema>

export const serverAddressSchema = z.object({
  /** A host name or an IP address. */
  host: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[^\s/@[\]]+$/),
  port: z.number().int().min(1).max(65_535),
  security: connectionSecuritySchema,
})
export type ServerAddress = z.infer<typeof serverAddressSchema>

/** Text without control characters: what goes into a command of SMTP or IMAP must not end it. */
const oneLine = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}+$/u)

export const mailAddressSchema = oneLine(320).regex(/^[^\s@<>"(),:;[\\\]]{1,64}@[^\s@<>"(),:;[\\\]]+$/u)

export const mailServerSchema = z.object({ server: serverAddressSchema, user: oneLine(320) })
export type MailServer = z.infer<typeof mailServerSchema>

/** A SHA-256 fingerprint: 64 hexadecimal digits, lower case. */
export const fingerprintSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** Certificates that are accepted although nobody vouches for them, by fingerprint: one of each server. */
export const pinsShape = {
  /** Of the sending server, and of the reading server where the other is left out. */
  pinnedCertificate: fingerprintSchema.nullable(),
  imapPinnedCertificate: fingerprintSchema.nullable().optional(),
}

export const connectionSettingsSchema = z.object({
  address: mailAddressSchema,
  smtp: mailServerSchema,
  imap: mailServerSchema.nullable(),
  /** Whether the password may travel unencrypted; off unless the person says so for this mailbox. */
  allowPlain: z.boolean(),
  ...pinsShape,
  /** Whether a message is sent to the mailbox itself and waited for. */
  testEmail: z.boolean(),
})
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>

/** What proves who we are. Never part of an output, a log or an event. */
export type Credential =
  | { readonly kind: 'password'; readonly password: string; readonly imapPassword?: string }
  | { readonly kind: 'oauth'; readonly accessToken: string }

/** The phases of a test, in the order in which they are shown. With STARTTLS, `tls` comes after `capabilities`. */
export const phaseIds = [
  'smtp-dns',
  'smtp-tcp',
  'smtp-tls',
  'smtp-greeting',
  'smtp-capabilities',
  'smtp-login',
  'smtp-envelope',
  'imap-dns',
  'imap-tcp',
  'imap-tls',
  'imap-greeting',
  'imap-capabilities',
  'imap-login',
  'imap-folders',
  'send',
  'arrival',
  'results',
] as const
export const phaseIdSchema = z.enum(phaseIds)
export type PhaseId = z.infer<typeof phaseIdSchema>

export const phaseStates = ['running', 'passed', 'failed', 'skipped'] as const
export const phaseStateSchema = z.enum(phaseStates)
export type PhaseState = z.infer<typeof phaseStateSchema>

export const connectionEventSchema = z.object({
  kind: z.literal('phase'),
  phase: phaseIdSchema,
  state: phaseStateSchema,
  /** How long the phase took; 0 while it runs. */
  ms: z.number(),
  /** What was seen, one line: an address, a protocol version, the server's own words. */
  evidence: z.string().nullable(),
})
export type ConnectionEvent = z.infer<typeof connectionEventSchema>

/** Everything that can be wrong with a connection, by kind. */
export const connectionFailureCodes = [
  // the name of the server
  'dns.not-found',
  'dns.timeout',
  'dns.failed',
  // the way there
  'net.refused',
  'net.timeout',
  'net.unreachable',
  'net.reset',
  'net.closed',
  'net.port-blocked',
  'net.captive-or-proxy',
  'net.silent',
  'net.no-reply',
  'net.wrong-protocol',
  'net.too-much-data',
  // encryption
  'tls.wrong-mode',
  'tls.starttls-missing',
  'tls.starttls-refused',
  'tls.starttls-injected',
  'tls.plain-not-allowed',
  'tls.handshake-failed',
  'tls.protocol-old',
  'tls.cert-expired',
  'tls.cert-not-yet-valid',
  'tls.cert-self-signed',
  'tls.cert-name-mismatch',
  'tls.cert-untrusted',
  'tls.cert-intercepted',
  'tls.cert-invalid',
  'tls.cert-changed',
  // what the server says before anyone has logged in
  'server.refused',
  'server.unavailable',
  'server.misbehaves',
  // logging in
  'auth.bad-credentials',
  'auth.app-password-required',
  'auth.web-login-required',
  'auth.oauth-required',
  'auth.smtp-disabled',
  'auth.security-defaults',
  'auth.conditional-access',
  'auth.imap-disabled',
  'auth.too-many-attempts',
  'auth.account-locked',
  'auth.password-expired',
  'auth.not-authorised',
  'auth.mechanism-unsupported',
  'auth.not-offered',
  'auth.encryption-required',
  'auth.unavailable',
  'auth.token-expired',
  'auth.sign-in-again',
  // limits
  'limit.connections',
  'limit.bandwidth',
  // sending
  'send.from-not-allowed',
  'send.relay-denied',
  'send.recipient-refused',
  'send.quota',
  'send.content-refused',
  'send.policy-refused',
  'send.deferred',
  'send.refused',
  'send.unconfirmed',
  // the mailbox
  'imap.no-inbox',
  'imap.read-only',
  'imap.no-special-use',
  'imap.quota-full',
  'imap.command-refused',
  // what became of the message
  'arrival.not-seen',
  'arrival.in-junk',
  'arrival.not-authenticated',
  // the test
  'test.cancelled',
] as const
export const connectionFailureCodeSchema = z.enum(connectionFailureCodes)
export type ConnectionFailureCode = (typeof connectionFailureCodes)[number]

const factSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
export type ConnectionFacts = Readonly<Record<string, string | number | boolean | string[]>>

export const connectionFailureSchema = z.object({
  phase: phaseIdSchema,
  code: connectionFailureCodeSchema,
  /** The server's own line, shortened, without control characters and without a secret; null when it said nothing. */
  evidence: z.string().nullable(),
  /** What the sentences need: host, port, the names of a certificate … */
  facts: z.record(z.string(), factSchema),
})
export type ConnectionFailure = z.infer<typeof connectionFailureSchema>

/** Why another server address is offered: `answered` when a short look went as far as its capabilities. */
export const alternativeSchema = z.object({
  smtp: serverAddressSchema.optional(),
  imap: serverAddressSchema.optional(),
  why: z.enum(['answered', 'other-mode']),
})
export type ConnectionAlternative = z.infer<typeof alternativeSchema>

export const authenticationVerdictSchema = z.object({
  method: z.string(),
  result: z.string(),
  /** Domain or address the verdict is about. */
  about: z.string().nullable(),
})
export type AuthenticationVerdict = z.infer<typeof authenticationVerdictSchema>

export const deliverySchema = z.object({
  folder: z.string(),
  folderKind: z.enum(['inbox', 'junk', 'other']),
  /** From the server's acceptance to the first sight of it. */
  delayMs: z.number(),
  /** SPF, DKIM and DMARC as the receiving server saw them (RFC 8601); empty when it wrote nothing. */
  authentication: z.array(authenticationVerdictSchema),
})
export type Delivery = z.infer<typeof deliverySchema>

export const certificateSummarySchema = z.object({
  fingerprint: fingerprintSchema,
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFromAt: z.number().nullable(),
  validToAt: z.number().nullable(),
  /** Accepted only because this very certificate was pinned. */
  pinned: z.boolean(),
})
export type CertificateSummary = z.infer<typeof certificateSummarySchema>

export const connectionResultSchema = z.object({
  /** `partly`: what was looked at works, and not everything was looked at. */
  result: z.enum(['passed', 'partly', 'failed']),
  failures: z.array(connectionFailureSchema),
  /** What is worth knowing and stops nothing. */
  notices: z.array(connectionFailureSchema),
  /** Other server addresses that answered; offered, never applied. */
  alternatives: z.array(alternativeSchema),
  delivery: deliverySchema.nullable(),
  /** The certificate that was refused, else that of the first server; null without TLS. */
  certificate: certificateSummarySchema.nullable(),
  tookMs: z.number(),
})
export type ConnectionResult = z.infer<typeof connectionResultSchema>
