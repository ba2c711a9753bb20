/** A token of Microsoft's has some 3,000 characters. */
const mostCharacters = 16_384

/**
 * The first `count` lines of a stream, without their ends: secrets, which would be there for every process to read as arguments.
 * Fewer when there are fewer, when one is empty, or when one is far too long.
 */
export async function readLines(input: NodeJS.ReadStream, count: number): Promise<string[]> {
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk)
    if (text.split('\n').length > count || text.length > mostCharacters * count) break
  }
  const lines = text.split(/\r?\n/).slice(0, count)
  const fault = lines.findIndex(line => line === '' || line.length > mostCharacters)
  return fault === -1 ? lines : lines.slice(0, fault)
}
