/** One thing that must be so. `test` returns nothing where it is, else what was seen instead. */
export interface Check {
  readonly name: string;
  /** The node whose log tells more. */
  readonly node: string;
  test(): Promise<string | undefined>;
}
