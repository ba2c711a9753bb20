import type { OpenWire, WireEvents } from '../../../src-renderer/client/wire.ts'

export type ScriptedWire = {
  openWire: OpenWire
  /** One for each opening, in order. */
  opened: { events: WireEvents; sent: string[]; isClosed: boolean }[]
  /** Answers the request that was sent `index`th on the latest opening. */
  answer(index: number, value: unknown): void
}

/** A wire of which the test plays the engine's end. */
export function scriptedWire(): ScriptedWire {
  const opened: ScriptedWire['opened'] = []
  return {
    opened,
    openWire: events => {
      const wire = { events, sent: [] as string[], isClosed: false }
      opened.push(wire)
      return {
        send: frame => wire.sent.push(frame),
        close: () => {
          wire.isClosed = true
        },
      }
    },
    answer: (index, value) => {
      const wire = opened.at(-1)
      const request: { i: string } = JSON.parse(wire?.sent[index] ?? '{}')
      wire?.events.onFrame(JSON.stringify({ i: request.i, p: { b: { json: value } } }))
    },
  }
}
