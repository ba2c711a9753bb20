/** What a step of a guide asks for; the window puts the copy button of that part beside it. */
export type GuideField = 'type' | 'name' | 'value' | 'priority'

/** The part of a provider's form that a step is about, for the drawing beside it. */
export type GuidePlace = GuideField | 'mail-settings' | 'add' | 'row' | 'proxy' | 'ttl' | 'save'

export type GuideStep = {
  /** May hold `{type}`, `{name}`, `{value}` and `{priority}`, filled from the record. */
  readonly text: string
  readonly hint?: string
  readonly field?: GuideField
  /** Where it is in the form; none for what comes before the form. */
  readonly place?: GuidePlace
  /** Record types the step is for; all of them when it is left out. */
  readonly onlyFor?: readonly ('TXT' | 'CNAME' | 'MX')[]
}

/** How to publish one record at one DNS provider. */
export type Guide = {
  /** An id of `resources/dns-providers.json`, or null for a provider that is not known. */
  readonly providerId: string | null
  readonly title: string
  /** The provider's page for the zone's records. */
  readonly openUrl: string | null
  readonly steps: readonly GuideStep[]
  readonly pitfalls: readonly string[]
}
