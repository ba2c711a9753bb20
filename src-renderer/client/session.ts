import { fail, ok, type Result } from '#shared/failure.ts'

/**
 * Lets this window in before its wire opens: exchanges the token in the address's fragment for the session cookie and
 * takes it out of the address. Without a token it asks whether the cookie still holds. Fails with `not-allowed` when
 * it does not (the host was started anew: open the address it printed) and `wire-lost` when nobody answers. Where the
 * page did not come over HTTP the host hands over a port instead, and there is nothing to do.
 */
export async function openSession(): Promise<Result<null>> {
  if (!location.protocol.startsWith('http')) return ok(null)
  const token = tokenInAddress()
  if (token === null) return settle(await ask({ method: 'GET' }))
  history.replaceState(history.state, '', location.pathname + location.search)
  const exchanged = settle(
    await ask({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    }),
  )
  // An old address in the history must not lock out a window whose cookie is good.
  if (exchanged.ok || exchanged.failure.code !== 'not-allowed') return exchanged
  return settle(await ask({ method: 'GET' }))
}

/**
 * Lets the window in anew when an address with another token is opened in it: the fragment alone changes then, so the
 * page would not be loaded by itself. To be called before anything else reads the fragment.
 */
export function reopenOnNewToken(): void {
  window.addEventListener('hashchange', () => {
    if (tokenInAddress() !== null) void openSession().then(() => location.reload())
  })
}

function tokenInAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token')
}

async function ask(init: RequestInit): Promise<number | null> {
  try {
    const answer = await fetch('/session', {
      ...init,
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    })
    return answer.status
  } catch {
    return null
  }
}

function settle(status: number | null): Result<null> {
  if (status === 204) return ok(null)
  if (status === 401 || status === 403) return fail('not-allowed')
  return fail('wire-lost', {}, 'later')
}
