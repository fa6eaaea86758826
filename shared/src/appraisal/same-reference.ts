import { formatImageReference, parseImageReference } from '../containerd/image-reference.js';

/** Whether two references mean the same, however much each leaves out. What is no reference is the same as nothing. */
export function sameReference(a: string, b: string): boolean {
  const [left, right] = [parseImageReference(a), parseImageReference(b)];
  return left !== undefined && right !== undefined && formatImageReference(left) === formatImageReference(right);
}
