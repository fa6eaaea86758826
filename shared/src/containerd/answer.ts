/**
 * What containerd said, or why nothing it said can be used: not reachable, hanging, an error, an answer without bounds.
 * The reason is text without addresses or times, so that the same trouble gives the same words.
 */
export type Answer<T> =
  { readonly state: 'answered'; readonly value: T } | { readonly state: 'unavailable'; readonly reason: string };

export function answered<T>(value: T): Answer<T> {
  return { state: 'answered', value };
}

export function unavailable(reason: string): { readonly state: 'unavailable'; readonly reason: string } {
  return { state: 'unavailable', reason };
}
