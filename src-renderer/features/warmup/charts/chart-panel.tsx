import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../../ui/button.tsx'

export type ChartColumn<Row> = {
  name: string
  value: (row: Row) => ReactNode
  /** Words stand at the left, numbers at the right. */
  isText?: boolean
}

type ChartPanelProps<Row> = {
  title: string
  /** What the lines and bars are; the chart's own key. */
  legend?: ReactNode
  rows: readonly Row[]
  rowKey: (row: Row) => string
  columns: readonly ChartColumn<Row>[]
  /** What stands there while there is nothing to draw. */
  empty: string
  chart: ReactNode
  /** h3 where it stands within a section of its own. */
  level?: 2 | 3
}

/** A chart with the same data as a table: always there for screen readers, for everybody on demand. */
export function ChartPanel<Row>(props: ChartPanelProps<Row>) {
  const { title, legend, rows, rowKey, columns, empty, chart, level = 2 } = props
  const [showsTable, setShowsTable] = useState(false)
  const id = useId()
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
        <Heading id={id} className={level === 2 ? 'text-section font-semibold' : 'font-medium'}>
          {title}
        </Heading>
        <div className="flex flex-1 flex-wrap items-center gap-x-4 text-meta text-ink-soft">
          {rows.length > 0 && !showsTable && legend}
        </div>
        {rows.length > 0 && (
          <Button kind="quiet" onPress={() => setShowsTable(!showsTable)}>
            {showsTable ? 'Show as a chart' : 'Show as a table'}
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="text-ink-soft">{empty}</p>
      ) : (
        <>
          {!showsTable && chart}
          <div
            className={
              showsTable ? 'scroll-quiet max-h-72 rounded-card border border-line' : 'sr-only top-auto'
            }
            {...(showsTable ? { tabIndex: 0, role: 'region', 'aria-label': `${title}, as a table` } : {})}
          >
            <table className="w-full border-collapse tabular-nums">
              <caption className="sr-only">{title}</caption>
              <thead className="sticky top-0 bg-ice text-left text-meta text-ink-soft">
                <tr>
                  {columns.map(({ name, isText }, index) => (
                    <th
                      key={name}
                      scope="col"
                      className={`px-3 py-1.5 font-normal ${index === 0 || isText ? '' : 'text-right'}`}
                    >
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(row => (
                  <tr key={rowKey(row)} className="border-t border-line">
                    {columns.map(({ name, value, isText }, index) =>
                      index === 0 ? (
                        <th key={name} scope="row" className="px-3 py-1 text-left font-normal">
                          {value(row)}
                        </th>
                      ) : (
                        <td key={name} className={`px-3 py-1 ${isText ? '' : 'text-right'}`}>
                          {value(row)}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}

/** A small sample of how something is drawn, with its name. */
export function Swatch({ kind, children }: { kind: keyof typeof swatches; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={swatches[kind]} />
      {children}
    </span>
  )
}

const box = 'size-2.5 rounded-[2px]'
const swatches = {
  line: 'h-[1.5px] w-4 bg-ink',
  band: 'h-2.5 w-4 rounded-[2px] bg-line',
  bar: `${box} bg-unknown-fill`,
  inbox: `${box} bg-pass-fill`,
  category: `${box} bg-unknown-fill`,
  junk: `${box} bg-[repeating-linear-gradient(45deg,var(--fail-fill)_0_2px,var(--fail-soft)_2px_4px)]`,
  missing: `${box} bg-line-strong`,
} as const
