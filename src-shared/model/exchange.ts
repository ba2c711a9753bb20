import { z } from 'zod'
import { unavailableReasons } from './lookup.ts'

/** What a page over HTTPS failed for, said by the name server, the certificate or the server: it stands, whoever asks. */
export const httpsFaults = [
  'no-address',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-name',
  'certificate-untrusted',
  'certificate-invalid',
  'tls-failed',
  'redirected',
  'too-large',
  'malformed',
] as const
export type HttpsFault = (typeof httpsFaults)[number]

/**
 * One page fetched over HTTPS, certificate verified. `failed` is a fault of the page, `unavailable` says nothing about it.
 * `body` is text, at most what the rule allowed; `validToAt` is when the certificate ends, in epoch milliseconds.
 */
export const rawHttpsSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('answered'),
    url: z.string(),
    address: z.string(),
    status: z.number().int(),
    contentType: z.string().nullable(),
    body: z.string(),
    validToAt: z.number().int().nullable(),
  }),
  z.object({
    state: z.literal('failed'),
    url: z.string(),
    address: z.string().nullable(),
    fault: z.enum(httpsFaults),
    /** The server's or the library's own words: where a redirect leads, which name the certificate has. */
    detail: z.string().nullable(),
  }),
  z.object({
    state: z.literal('unavailable'),
    url: z.string(),
    address: z.string().nullable(),
    reason: z.enum(unavailableReasons),
  }),
])
export type HttpsAnswer = z.infer<typeof rawHttpsSchema>

/** What one page may be: how large, in octets, and how many redirects to other https pages are followed. */
export type HttpsRule = { readonly bodyBytes: number; readonly redirects: number }

export type FetchHttps = (url: string, rule: HttpsRule) => Promise<HttpsAnswer>

export const certificateProblems = ['expired', 'not-yet-valid', 'name', 'untrusted', 'invalid'] as const
export type CertificateProblem = (typeof certificateProblems)[number]

/** What a mail server offered on its port 25, up to STARTTLS and no further (RFC 3207). */
export const rawSmtpSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('answered'),
    host: z.string(),
    address: z.string(),
    startTls: z.boolean(),
    /** Null without STARTTLS, or when the handshake failed; then `handshake` says why. */
    tls: z
      .object({
        protocol: z.string(),
        problem: z.enum(certificateProblems).nullable(),
        /** The names it holds for. */
        names: z.array(z.string()),
        validToAt: z.number().int().nullable(),
        /** The server's certificate and those it came with, DER in base64. */
        chain: z.array(z.string()),
      })
      .nullable(),
    handshake: z.string().nullable(),
  }),
  z.object({
    state: z.literal('unavailable'),
    host: z.string(),
    address: z.string().nullable(),
    reason: z.enum(unavailableReasons),
  }),
])
export type SmtpAnswer = z.infer<typeof rawSmtpSchema>

/** Connects to one mail server. `addresses` are its own, tried in order. */
export type ProbeSmtp = (host: string, addresses: readonly string[]) => Promise<SmtpAnswer>
