/** Puts results that finish in any order back into the order they were asked in. */
export type InOrder<T> = {
  /** Hands over one result; everything whose turn has come is emitted. */
  add(index: number, value: T): Promise<void>
  /** Emits what is left, leaving out what never came. */
  rest(): Promise<void>
}

export function inOrder<T>(emit: (value: T) => Promise<void>): InOrder<T> {
  const held = new Map<number, T>()
  let next = 0
  let emitting = Promise.resolve()
  const drain = async () => {
    for (let value = held.get(next); value !== undefined; value = held.get(next)) {
      held.delete(next)
      next += 1
      await emit(value)
    }
  }
  const drainRest = async () => {
    for (const index of [...held.keys()].toSorted((a, b) => a - b)) {
      next = index
      await drain()
    }
  }
  return {
    add(index, value) {
      held.set(index, value)
      emitting = emitting.then(drain)
      return emitting
    },
    rest() {
      emitting = emitting.then(drainRest)
      return emitting
    },
  }
}
