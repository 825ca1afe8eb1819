import type { Point } from './measures.js';

/** The bytes of one point. */
export const pointBytes = 14;

const unknown16 = 0xffff;
const unknown8 = 0xff;

// Bits of the mantissa. Microseconds exact up to 4 ms, and 0.03 % beyond, up to two minutes; bytes per second exact up to 2047, and
// 0.05 % beyond, up to 4 TB/s; routes exact up to 8191, and 0.02 % beyond, up to a million.
const rttBits = 12;
const trafficBits = 11;
const routeBits = 13;

/** Parts of a whole in one byte: half percents of loss, 250ths of the time. */
const lossParts = 200;
const upParts = 250;

/** Writes a point at `offset`. What is not known, negative or not a number is written as not known. */
export function packPoint(point: Point, bytes: DataView, offset: number): void {
  const [rtt = Number.NaN, loss = Number.NaN, received, sent, imported, refused, exported, up] =
    Array.from(point);
  bytes.setUint16(offset, packNumber(rtt * 1000, rttBits));
  bytes.setUint8(offset + 2, packPart(loss / 100, lossParts));
  bytes.setUint8(offset + 3, packPart(up, upParts));
  bytes.setUint16(offset + 4, packNumber(received, trafficBits));
  bytes.setUint16(offset + 6, packNumber(sent, trafficBits));
  bytes.setUint16(offset + 8, packNumber(imported, routeBits));
  bytes.setUint16(offset + 10, packNumber(refused, routeBits));
  bytes.setUint16(offset + 12, packNumber(exported, routeBits));
}

/** Reads the point at `offset`. Every 14 bytes are one. */
export function unpackPoint(bytes: DataView, offset: number): number[] {
  const number = (at: number, bits: number) => unpackNumber(bytes.getUint16(offset + at), bits);
  return [
    number(0, rttBits) / 1000,
    unpackPart(bytes.getUint8(offset + 2), lossParts) * 100,
    number(4, trafficBits),
    number(6, trafficBits),
    number(8, routeBits),
    number(10, routeBits),
    number(12, routeBits),
    unpackPart(bytes.getUint8(offset + 3), upParts),
  ];
}

/** Only the round-trip time of that point, in ms. */
export function unpackRtt(bytes: DataView, offset: number): number {
  return unpackNumber(bytes.getUint16(offset), rttBits) / 1000;
}

/** As many bytes as `steps` points of which nothing is known. */
export function unknownPoints(steps: number): Uint8Array {
  return new Uint8Array(steps * pointBytes).fill(unknown8);
}

/** These bytes as `packPoint` writes and `unpackPoint` reads them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A number without sign in 16 bits: `mantissaBits` for the mantissa, the others for a power of two. The largest means unknown. */
function packNumber(value: number | undefined, mantissaBits: number): number {
  if (value === undefined || !(value >= 0)) return unknown16;
  const mostMantissa = 2 ** mantissaBits - 1;
  const mostExponent = 2 ** (16 - mantissaBits) - 1;
  let exponent = 0;
  let mantissa = Math.round(value);
  while (mantissa > mostMantissa && exponent < mostExponent) {
    exponent += 1;
    mantissa = Math.round(value / 2 ** exponent);
  }
  const code = exponent * 2 ** mantissaBits + Math.min(mantissa, mostMantissa);
  return Math.min(code, unknown16 - 1);
}

function unpackNumber(code: number, mantissaBits: number): number {
  if (code === unknown16) return Number.NaN;
  const base = 2 ** mantissaBits;
  return (code % base) * 2 ** Math.floor(code / base);
}

/** Only what is nothing becomes 0, and only what is all becomes the whole: a short flap must not round away. */
function packPart(part: number | undefined, parts: number): number {
  if (part === undefined || !(part >= 0)) return unknown8;
  if (part === 0 || part >= 1) return part === 0 ? 0 : parts;
  return Math.min(parts - 1, Math.max(1, Math.round(part * parts)));
}

function unpackPart(code: number, parts: number): number {
  return code === unknown8 ? Number.NaN : Math.min(1, code / parts);
}
