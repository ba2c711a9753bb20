import { z } from 'zod'

export const themeSchema = z.enum(['system', 'light', 'dark'])

/** What an audit contacts beside its resolver. */
export const reachSettingsSchema = z.object({
  /** Nameservers are asked directly. */
  direct: z.boolean(),
  /** Policies, logos and the tracking host are fetched over HTTPS. */
  https: z.boolean(),
  /** Mail servers are connected to on port 25, as far as STARTTLS. */
  smtp: z.boolean(),
})
export type ReachSettings = z.infer<typeof reachSettingsSchema>

/** What holds for the warmup of all mailboxes. */
export const warmupChoicesSchema = z.object({
  /** A new mailbox whose test passed begins by itself. */
  startsByItself: z.boolean(),
  /** Days after which messages in the folder of ours are deleted; none of them can be answered any more by then. */
  tidyAfterDays: z.number().int().min(5).max(30),
})
export type WarmupChoices = z.infer<typeof warmupChoicesSchema>

export const settingsSchema = z.object({
  theme: themeSchema,
  /** DNS servers as `IP` or `IP:port` (`[IPv6]:port`); empty means those of the operating system. */
  resolvers: z.array(z.string()),
  reach: reachSettingsSchema,
  /** A mail server that is silent on every port is compared with a known one, to tell a blocked network. */
  compareMail: z.boolean(),
  warmup: warmupChoicesSchema,
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsChangeSchema = settingsSchema.partial().extend({
  reach: reachSettingsSchema.partial().optional(),
  warmup: warmupChoicesSchema.partial().optional(),
})
export type SettingsChange = z.infer<typeof settingsChangeSchema>

/** One host that was contacted for one purpose. */
export const networkContactSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  protocol: z.enum(['udp', 'tcp', 'http', 'https', 'smtp', 'imap']),
  purpose: z.enum([
    'audit',
    'verification',
    'recheck',
    'blacklists',
    'settings-test',
    'connection-test',
    'warmup',
    'discovery',
    'sign-in',
    'sync',
    'dmarc-reports',
  ]),
  count: z.number().int(),
  failures: z.number().int(),
  firstAt: z.number().int(),
  lastAt: z.number().int(),
})
export type NetworkContact = z.infer<typeof networkContactSchema>
export type Purpose = NetworkContact['purpose']
