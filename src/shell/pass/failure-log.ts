import { formatMark, type Owner } from '../../core/model/owner.js';

/** Collects what failed: the first failure of an owner explains the ones that follow from it. */
export class FailureLog {
  readonly byOwner = new Map<string, string>();

  add(owner: Owner, error: unknown): void {
    const mark = formatMark(owner);
    if (!this.byOwner.has(mark))
      this.byOwner.set(mark, error instanceof Error ? error.message : String(error));
  }

  has(owner: Owner): boolean {
    return this.byOwner.has(formatMark(owner));
  }
}
