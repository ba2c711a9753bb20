/**
 * The text of a file. Spreadsheets save UTF-16 with a byte order mark beside UTF-8; of any other encoding nothing tells
 * which it is, and what cannot be read of it is U+FFFD.
 */
export async function readText(file: Blob): Promise<string> {
  const octets = new Uint8Array(await file.arrayBuffer())
  const [first, second] = octets
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(octets)
}
