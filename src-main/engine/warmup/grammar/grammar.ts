/**
 * The texts of one language, all of them spintax. A message is a greeting, one topic, sometimes an aside, a closing and
 * a sign-off; an answer is made likewise. Short and everyday, without links, numbers to call or anything to buy.
 */
export type Grammar = {
  readonly greeting: string
  readonly topics: readonly {
    readonly subject: string
    readonly opening: string
    readonly detail: string
    readonly question: string
  }[]
  readonly aside: string
  readonly closing: string
  readonly signOff: string
  readonly answer: {
    readonly opening: string
    readonly detail: string
    readonly closing: string
  }
  /** The line above a quoted message; who wrote it stands in `[name]`. */
  readonly attribution: string
}
