/** One fact in words, with what it shows and what it does not. */
export interface ExplainedFact {
  readonly fact: string;
  readonly value: string;
  readonly shows: string;
  readonly doesNotShow: string;
}
