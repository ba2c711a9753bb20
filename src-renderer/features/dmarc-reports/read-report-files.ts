import type { Failure } from '#shared/failure.ts'
import type { FileOutcome } from '#shared/model/dmarc-report.ts'
import type { Client } from '../../client/client.ts'

/** As large as the engine takes one; larger ones are not handed over. */
const mostBytes = 10_000_000

type ReadFiles = { outcomes: FileOutcome[]; failure: Failure | null }

/** Hands files over one after the other, and stops at the first that cannot be kept at all. */
export async function readReportFiles(
  client: Client,
  files: readonly File[],
  { signal, onDone }: { signal: AbortSignal; onDone: (done: number) => void },
): Promise<ReadFiles> {
  const outcomes: FileOutcome[] = []
  for (const [index, file] of files.entries()) {
    const fileName = file.name.slice(0, 255)
    if (file.size > mostBytes) {
      const facts = { megabytes: mostBytes / 1e6 }
      outcomes.push({ file: fileName, part: null, state: 'refused', code: 'file-too-large', facts })
    } else {
      const result = await client.dmarcReports.import(
        { fileName, base64: await base64Of(file) },
        { signal, context: { timeoutMs: 60_000 } },
      )
      if (!result.ok)
        return { outcomes, failure: result.failure.code === 'cancelled' ? null : result.failure }
      outcomes.push(...result.value.outcomes)
    }
    onDone(index + 1)
  }
  return { outcomes, failure: null }
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file cannot be read.')))
    reader.addEventListener('load', () => {
      const url = String(reader.result)
      resolve(url.slice(url.indexOf(',') + 1))
    })
    reader.readAsDataURL(file)
  })
}
