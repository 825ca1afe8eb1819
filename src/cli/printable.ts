/**
 * Text from outside (descriptions, errors) as a terminal may get it: control, format and line-breaking characters,
 * which could move the cursor, set a title or hide other text, become a space.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
