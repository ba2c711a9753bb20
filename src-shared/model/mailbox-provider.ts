import { z } from 'zod'
import { connectionSecuritySchema } from './connection.ts'
import { loginMethodSchema, providerRuleSchema } from './discovery.ts'
import { oauthProviderIdSchema } from './oauth.ts'
import { confidenceSchema, hostPatternSchema } from './provider.ts'

const httpsUrl = z.string().regex(/^https:\/\/[a-z0-9.-]+(\/|$)/)
const domainSchema = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)

/** A host with `{domain}` for that of the address, or `{region}` for what a star stands for in the MX host. */
const serverTemplateSchema = z.strictObject({
  host: z.string().regex(/^[a-z0-9.{}-]+$/),
  port: z.number().int().min(1).max(65_535),
  security: connectionSecuritySchema,
})

/** What the login name is made of: the whole address, or what stands before the at sign. */
export const userFormSchema = z.enum(['address', 'local-part'])
export type UserForm = z.infer<typeof userFormSchema>

/** How much a mailbox may send before its provider stops it; `plan` when that differs by plan. */
export const sendingCapSchema = z.strictObject({
  most: z.number().int().min(1),
  per: z.enum(['minute', 'hour', 'day']),
  counts: z.enum(['messages', 'recipients']),
  plan: z.string().nullable(),
  confidence: confidenceSchema,
})

/** A provider of mailboxes; the rows stand in `resources/mailbox-providers.json`. */
export const mailboxProviderSchema = z.strictObject({
  /** The id of `resources/mail-providers.json` where the same provider stands there. */
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(2),
  /** Domains of the addresses it gives out. */
  domains: z.array(domainSchema),
  /** Suffixes of the MX hosts of domains that it holds for others. */
  mx: z.array(hostPatternSchema),
  /** Where `autodiscover.<domain>` leads for such domains. */
  autodiscover: z.array(hostPatternSchema),
  /** Its servers' names, or names above them. */
  hosts: z.array(hostPatternSchema),
  /** Where mail is handed in, the best first; none when there is no mailbox to log in to. */
  smtp: z.array(serverTemplateSchema),
  imap: serverTemplateSchema.nullable(),
  smtpUser: userFormSchema,
  imapUser: userFormSchema,
  /** Ways to log in, the best first. */
  authentication: z.array(loginMethodSchema),
  oauth: oauthProviderIdSchema.nullable(),
  rules: z.array(providerRuleSchema.strict()),
  caps: z.array(sendingCapSchema),
  helpUrl: httpsUrl.nullable(),
  confidence: confidenceSchema,
  source: z.string().min(3),
})
export type MailboxProvider = z.infer<typeof mailboxProviderSchema>

/** Servers of a provider about which nothing more is known; the rows stand in `resources/mail-autoconfig.json`. */
export const bundledConfigSchema = z.strictObject({
  name: z.string().min(2),
  domains: z.array(domainSchema).min(1),
  imap: serverTemplateSchema,
  smtp: serverTemplateSchema,
  user: userFormSchema,
  authentication: z.array(loginMethodSchema).min(1),
  source: z.string().min(3),
})
export type BundledConfig = z.infer<typeof bundledConfigSchema>
