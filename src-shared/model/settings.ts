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

export const settingsSchema = z.object({
  theme: themeSchema,
  /** DNS servers as `IP` or `IP:port` (`[IPv6]:port`); empty means those of the operating system. */
  resolvers: z.array(z.string()),
  reach: reachSettingsSchema,
  /** A mail server that is silent on every port is compared with a known one, to tell a blocked network. */
  compareMail: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsChangeSchema = settingsSchema
  .partial()
  .extend({ reach: reachSettingsSchema.partial().optional() })
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
