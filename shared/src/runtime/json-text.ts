/**
 * A JSON output of ours: two spaces deep, ASCII only (`\uXXXX` for the rest, which every parser reads back), so that
 * no name from a host can move the cursor or turn text around when it is printed to a terminal. Ends with a line feed.
 */
export function jsonText(value: unknown): string {
  return asciiOnly(JSON.stringify(value, undefined, 2));
}

/** The same on one line, for streams of documents. */
export function jsonLine(value: unknown): string {
  return asciiOnly(JSON.stringify(value));
}

function asciiOnly(json: string): string {
  return `${json.replace(/[^\n\u0020-\u007e]/g, escaped)}\n`;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
