/** An answer that is not 200: the status, and why, for the caller. */
export class HttpError extends Error {
  readonly status: 400 | 404 | 429 | 500 | 503;

  constructor(status: HttpError['status'], reason: string) {
    super(reason);
    this.name = 'HttpError';
    this.status = status;
  }
}
