/** A promise for whoever waits, and the way to let it go. */
export function heldBack(): { readonly promise: Promise<void>; release(): void } {
  const held = { release: () => undefined as void }
  const promise = new Promise<void>(resolve => {
    held.release = resolve
  })
  return { promise, release: () => held.release() }
}
