/** Longer texts are read each time: many of them would take more memory than reading takes time. */
const longestText = 4_096

/**
 * A pure function of a text that knows up to `most` results and hands out the same ones again; when there are too many it
 * forgets them all.
 * Whoever gets a result must not change it.
 */
export function remembered<T>(read: (text: string) => T, most: number): (text: string) => T {
  const results = new Map<string, T>()
  return text => {
    const known = results.get(text)
    if (known !== undefined) return known
    const result = read(text)
    if (text.length > longestText) return result
    if (results.size >= most) results.clear()
    results.set(text, result)
    return result
  }
}
