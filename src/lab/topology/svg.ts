/** An element as text, or text that is already safe to stand in a document. */
export type Svg = { readonly svg: string };

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element; attributes without a value are left out. Strings among the children are text, and escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly (Svg | string)[]): Svg {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const inner = children.map((child) => (typeof child === 'string' ? escapeXml(child) : child.svg)).join('');
  return { svg: inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` };
}

/** Several elements in one. */
export function group(attributes: Attributes, ...children: readonly Svg[]): Svg {
  return element('g', attributes, ...children);
}

/** A line of text whose baseline begins at `x`, `y`. */
export function text(
  [x, y]: readonly [x: number, y: number],
  className: string,
  content: string,
  anchor?: 'middle' | 'end',
): Svg {
  return element('text', { x, y, class: className, 'text-anchor': anchor }, content);
}

// What XML 1.0 has no place for, not even escaped (section 2.2).
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text that means itself inside of elements and of attributes in double quotes. */
function escapeXml(raw: string): string {
  return raw
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
