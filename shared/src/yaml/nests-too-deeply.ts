/** Levels within brackets, and within one line or indentation. People write a dozen. */
const MAX_LEVELS = 300;

/**
 * Whether a text may nest deeper than a recursive parser can follow. One that runs out of stack does not always get to
 * say so: V8 ends the process if a regular expression is first used just there. Counts more levels than there are, never
 * fewer: brackets in text, and every column of indentation.
 */
export function nestsTooDeeply(text: string): boolean {
  let brackets = 0;
  let inLine = 0;
  let indenting = true;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '\n':
      case '\r':
        inLine = 0;
        indenting = true;
        continue;
      case ' ':
      case '\t':
        if (indenting) inLine += 1;
        break;
      case '[':
      case '{':
        brackets += 1;
        indenting = false;
        break;
      case ']':
      case '}':
        if (brackets > 0) brackets -= 1;
        indenting = false;
        break;
      case '-':
      case '?':
      case ':':
        // an entry, a key or a value begins, which may again be a list or a mapping
        if (isSpace(text[i + 1])) inLine += 1;
        indenting = false;
        break;
      default:
        indenting = false;
    }
    if (brackets > MAX_LEVELS || inLine > MAX_LEVELS) return true;
  }
  return false;
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
