import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from './answers.ts'
import type { FaultKind } from './faults.ts'

/** Sends an answer, or what the fault makes of it. False when nothing whole went out. */
export async function send(
  response: ServerResponse,
  answer: Answer,
  fault: FaultKind | null,
): Promise<boolean> {
  if (fault?.kind === 'silence') return false
  if (fault?.kind === 'cut' && fault.at !== 'mid-answer') {
    response.destroy()
    return false
  }
  if (fault?.kind === 'huge') {
    await sendHuge(response, fault.bytes)
    return true
  }
  const { status, headers, body } = answer
  const isRaw = typeof body === 'string'
  const text = body === null ? '' : isRaw ? body : JSON.stringify(body)
  const sent = Buffer.from(fault?.kind === 'truncate' ? text.slice(0, Math.floor(text.length / 2)) : text)
  response.writeHead(status, {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...headers,
    ...(status === 304 || status === 204 ? {} : { 'content-length': String(sent.length) }),
  })
  if (fault?.kind === 'cut') {
    // Flushed first, or the cut would come before the headers.
    response.write(sent.subarray(0, Math.floor(sent.length / 2)), () => response.destroy())
    return false
  }
  if (fault?.kind === 'drip') {
    for (const octet of sent) {
      if (response.destroyed) return false
      response.write(Buffer.from([octet]))
      await wait(fault.everyMs, null, { ref: false })
    }
    response.end()
    return true
  }
  response.end(sent)
  return true
}

async function sendHuge(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"success":true,"data":"')
  const piece = 'x'.repeat(65_536)
  for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
    if (!response.write(piece)) await roomFor(response)
  }
  response.end('"}')
}

async function roomFor(response: ServerResponse): Promise<void> {
  const over = new AbortController()
  const events = ['drain', 'close'].map(name => once(response, name, { signal: over.signal }))
  await Promise.race(events).catch(() => {})
  over.abort()
  await Promise.allSettled(events)
}
