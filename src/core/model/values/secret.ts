/**
 * A value that must never be printed: it renders as `[secret]` in logs, JSON, errors and templates,
 * and only `reveal()` returns it. Two secrets compare with `sameSecret`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  /** What `util.inspect`, and so the console, shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** True where both are absent, or both are the same text. */
export function sameSecret(a: Secret | undefined, b: Secret | undefined): boolean {
  return a?.reveal() === b?.reveal();
}
