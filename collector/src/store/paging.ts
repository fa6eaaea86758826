/** Pages are asked for by cursor; an empty cursor is the first page, an empty `next` the last one. */
export interface Page {
  readonly size: number;
  readonly cursor: string;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly next: string;
}
