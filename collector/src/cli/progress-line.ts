import type { TextSink } from '@sealwatch/shared/cli/io.js';

/** One line that is written over and over, on a terminal only; gone when the answer comes. */
export class ProgressLine {
  readonly #sink: TextSink;
  #shown = false;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  show(text: string): void {
    if (this.#sink.isTTY !== true) return;
    this.#sink.write(`\r${text}\u001b[K`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#sink.write('\r\u001b[K');
    this.#shown = false;
  }
}
