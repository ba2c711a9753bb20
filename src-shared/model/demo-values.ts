/** How long a day may take while the time of the demo is played. */
export const demoDayMs = { least: 500, usual: 2_000, most: 60_000 } as const
/** A month, as it is played from the banner. */
export const demoMonthDays = 30
