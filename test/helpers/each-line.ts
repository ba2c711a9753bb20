/** Cuts what a socket receives into lines, without their ends; octets stand for characters one to one. */
export function eachLine(onLine: (line: string) => void): {
  /** The next octets of the stream. */
  take(chunk: Buffer): void
  /** Drops what was received and not read, also what follows the line that is being read. */
  forget(): void
} {
  let text = ''
  return {
    take(chunk) {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end).replace(/\r$/, '')
        text = text.slice(end + 1)
        onLine(line)
      }
    },
    forget() {
      text = ''
    },
  }
}
