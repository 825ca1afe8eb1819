/** A description without the ASN that it begins with, as the bot writes them: `AS4242421080 - Example Net`. */
export function withoutAsn(description: string, asn: number | undefined): string {
  const start = new RegExp(`^AS${asn}(?!\\d)[\\s:,-]*`, 'i');
  return description.trim().replace(start, '');
}
