// The macros of man(7). What a text has of its own is escaped: it must not become a request.

/** A page's beginning: its title, and lines that are neither filled up to the margin nor broken within words. */
export function title(name: string, section: number, version: string): string {
  return `.TH ${quoted(name)} ${section} "" ${quoted(`moenet-agent ${version}`)} ${quoted("System Manager's Manual")}\n.ad l\n.nh`;
}

export function heading(text: string): string {
  return `.SH ${quoted(text.toUpperCase())}`;
}

export function subheading(text: string): string {
  return `.SS ${quoted(text)}`;
}

export function paragraph(markdown: string): string {
  return `.PP\n${inline(markdown)}`;
}

/** A term with what it means, indented below it. */
export function item(term: string, markdown: string): string {
  return `.TP\n${term}\n${inline(markdown)}`;
}

/** Bold; what is between `<` and `>` is a placeholder. */
export function literal(text: string): string {
  const parts = text.split(/([<[][a-z|]+[>\]])/);
  return parts
    .filter((part) => part !== '')
    .map((part) => (/^[<[]/.test(part) ? placeholder(part) : bold(part)))
    .join('');
}

function placeholder(part: string): string {
  const name = `\\fI${escaped(part.slice(1, -1))}\\fR`;
  return part.startsWith('[') ? `[${name}]` : name;
}

export function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** Text with Markdown's `code` and links, of which the words remain. A line cannot begin with a request. */
export function inline(markdown: string): string {
  const parts = markdown.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').split(/(`[^`]+`)/);
  const text = parts.map((part) => (part.startsWith('`') ? bold(part.slice(1, -1)) : escaped(part))).join('');
  return /^[.']/.test(text) ? `\\&${text}` : text;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** A minus and an apostrophe stay such: else one could not paste them into a shell. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('`', '\\(ga')
    .replace(/\s+/g, ' ');
}
