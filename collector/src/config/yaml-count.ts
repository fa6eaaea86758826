import { isScalar } from 'yaml';
import { type Decoder, refuse } from './yaml-decoder.js';

/** A whole number within the bounds. */
export function count(bounds: { min: number; max: number }): Decoder<number> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= bounds.min && value <= bounds.max) {
      return value;
    }
    return refuse(at, `must be a whole number from ${String(bounds.min)} to ${String(bounds.max)}`);
  };
}
