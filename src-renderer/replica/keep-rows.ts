/** These rows, each as the object it was before where nothing in it changed: what is the same is not drawn again. */
export function keepRows<Row extends { readonly id: string }>(
  known: ReadonlyMap<string, Row>,
  rows: readonly Row[],
): Map<string, Row> {
  return new Map(
    rows.map(row => {
      const before = known.get(row.id)
      const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(row)
      return [row.id, isSame ? before : row]
    }),
  )
}
