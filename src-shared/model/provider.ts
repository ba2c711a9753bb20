import { z } from 'zod'

/** What trips people at a DNS provider. The sentences stand in `words/guides.ts`. */
export const dnsQuirks = [
  'appends-domain',
  'cname-proxied',
  'cname-flattened-at-apex',
  'mail-settings-custom-mx',
  'long-txt-box-1024',
  'long-txt-box-512',
  'one-set-per-name',
  'target-needs-trailing-dot',
  'default-mail-records',
  'slow-publish',
  'minimum-ttl-3600',
  'limited-records',
  'own-dkim-type',
  'shows-full-names',
  'shared-nameservers',
  'nameservers-not-own',
] as const
export const dnsQuirkSchema = z.enum(dnsQuirks)
export type DnsQuirk = z.infer<typeof dnsQuirkSchema>

/** How sure a row is: read in the provider's own documents, seen in public sources, or from experience. */
export const confidenceSchema = z.enum(['documented', 'seen', 'experience'])

const httpsUrl = z.string().regex(/^https:\/\/[a-z0-9.-]+(\/|$)/)

/** Labels from the right; `*` stands for any run of characters inside one label. */
export const hostPatternSchema = z.string().regex(/^[a-z0-9*-]+(\.[a-z0-9*-]+)+$/)

export const dnsProviderSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(2),
  /** Suffixes of its nameservers' names; empty when it lends another provider's. */
  nameservers: z.array(hostPatternSchema),
  /** Whether the name box takes only what stands left of the zone, or the full name. */
  nameField: z.enum(['bare', 'full']),
  /** What the name box takes for the zone itself. */
  apex: z.enum(['@', '']),
  /** Whether the value box of a TXT record wants its character-strings in quotes, each at most 255 octets. */
  txt: z.enum(['plain', 'quoted']),
  /** Whether an MX record has a box for its priority, or one box for `10 host`. */
  mx: z.enum(['split', 'joined']),
  /** The page where records are edited; `{domain}` stands for the zone. */
  deepLink: httpsUrl.nullable(),
  quirks: z.array(dnsQuirkSchema),
  confidence: confidenceSchema,
  source: z.string().min(3),
})
export type DnsProvider = z.infer<typeof dnsProviderSchema>

export const mailProviderSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(2),
  /** Suffixes of its MX hosts. */
  mx: z.array(hostPatternSchema),
  /** The MX records every customer publishes, or null when they differ by customer or region. */
  mxRecords: z
    .array(z.strictObject({ preference: z.number().int().min(0).max(65_535), host: z.string() }))
    .nullable(),
  /** The name to include in SPF, or null when there is no one name for every customer. */
  spfInclude: z.string().nullable(),
  /** Older or regional names that authorise the same provider. */
  spfAlso: z.array(z.string()),
  /** Selectors it signs with, the likeliest first; empty when they differ by customer. */
  dkimSelectors: z.array(z.string().regex(/^[A-Za-z0-9_-]+$/)),
  /**
   * `cname`: an alias at each selector; `txt`: a key that the provider's console makes, at a known selector;
   * `console`: even the selector is known to the console alone.
   */
  dkimKind: z.enum(['cname', 'txt', 'console']),
  /** Targets of the aliases by selector, with `{domain}`; null when the console shows them. */
  dkimTargets: z.record(z.string(), z.string()).nullable(),
  setupUrl: httpsUrl.nullable(),
  confidence: confidenceSchema,
  source: z.string().min(3),
})
export type MailProvider = z.infer<typeof mailProviderSchema>

/** A service that sends for domains whose mail may be anywhere, told by what their SPF record or nameservers name. */
export const sendingServiceSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(2),
  /** Names, or names above them, that SPF records include for it. */
  spf: z.array(z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/)),
  /** DNS providers, by id, whose customers usually get their mail with it. */
  dnsProviders: z.array(z.string()),
  /** Selectors it signs with, the likeliest first; empty when they differ by customer. */
  selectors: z.array(z.string().regex(/^[A-Za-z0-9_-]+$/)),
  confidence: confidenceSchema,
  source: z.string().min(3),
})
export type SendingService = z.infer<typeof sendingServiceSchema>
