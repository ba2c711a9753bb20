/** The mark, drawn in the ink of the theme; `mark.svg` is the same for the tab of a browser. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <path
        className="fill-ink"
        d="M16 2c6.6 0 10 5 10 12.4C26 23.4 22 30 16 30S6 23.4 6 14.4C6 7 9.4 2 16 2Z"
      />
      <path
        className="fill-page"
        d="M16 11.2c1.2-2 2.6-3 4.2-3 2.2 0 3.4 2 3.4 5.2 0 7.4-3 13.6-7.6 13.6s-7.6-6.2-7.6-13.6c0-3.2 1.2-5.2 3.4-5.2 1.6 0 3 1 4.2 3Z"
      />
      <circle className="fill-ink" cx="12.4" cy="12.6" r="1.5" />
      <circle className="fill-ink" cx="19.6" cy="12.6" r="1.5" />
      <path className="fill-accent" d="M16 20.2 12.6 15.4Q16 13.6 19.4 15.4Z" />
    </svg>
  )
}
