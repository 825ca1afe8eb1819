import { type BirdText, toBirdText } from '../../../core/model/values/bird-text.js';
import type { ReadField } from './fields.js';
import { flag, text } from './schemas.js';

/** A node's name as text, or made of its number where it is absent. */
export function nodeNameOf(node: ReadField, id: number | undefined): BirdText {
  return node('nodeName', text) ?? node('name', text) ?? toBirdText(`node ${id ?? ''}`);
}

/** True where the node is a route reflector, said by a flag or by its type. */
export function isRouteReflector(node: ReadField, typeKey: string): boolean {
  return node('isRr', flag) ?? node(typeKey, text) === 'rr';
}
