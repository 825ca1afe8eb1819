/** One thing that must be so. `test` returns nothing where it is, else what was seen instead. */
export interface Check {
  readonly name: string;
  /** The node whose log tells more. */
  readonly node: string;
  test(): Promise<string | undefined>;
}

/** Makes the checks of one subject, such as a session or a node, that are named after it. */
export function checksOf(subject: string, node: string) {
  return (what: string, test: () => Promise<string | undefined> | string | undefined): Check => ({
    name: `${subject}: ${what}`,
    node,
    test: async () => test(),
  });
}
