/** Hands a text to the person as a file of this name, where the browser puts what is saved. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser takes the content when it begins to save, which may be after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
