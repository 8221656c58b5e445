/** A refusal of the platform (RFC 9457), or the lack of an answer. */

export interface FieldError {
  pointer: string
  message: string
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly detail: string = '',
    readonly errors: FieldError[] = [],
    readonly retryAfterS: number | null = null,
    readonly requestId: string = '',
  ) {
    super(title)
  }

  /** What a refused request says; a proxy's page without a document counts by its status. */
  static of(status: number, body: unknown, headers: Headers): Problem {
    const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
    return new Problem(
      status,
      String(said.code ?? `http_${status}`),
      String(said.title ?? status),
      String(said.detail ?? ''),
      Array.isArray(said.errors) ? (said.errors as FieldError[]) : [],
      Number(headers.get('Retry-After')) || null,
      headers.get('X-Request-Id') ?? '',
    )
  }

  /** Nobody answered: the same request may be sent again. */
  static away(reason: string): Problem {
    return new Problem(0, 'network', reason)
  }

  /** Whether the very same request may do better in a moment. */
  get isPassing(): boolean {
    return [0, 429, 502, 503, 504].includes(this.status) || this.code === 'in_flight'
  }

  /** The message for one field, by its JSON pointer such as `/price`. */
  at(pointer: string): string {
    return this.errors
      .filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
      .map((error) => error.message)
      .join(' ')
  }
}
