export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** What goes out as JSON; null for no body at all. */
  readonly body: unknown
}

export function success(
  status: number,
  data: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { success: true, data } }
}

export function refusal(
  status: number,
  code: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers,
    body: { success: false, error: { code, message, ...(details === undefined ? {} : { details }) } },
  }
}

/** For a status that was wished for without more. */
export const usualCodes: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'domain_not_found',
  409: 'domain_exists',
  412: 'version_mismatch',
  422: 'refused',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
}
