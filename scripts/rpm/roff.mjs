// Text for man pages: the few requests of man(7) that every formatter knows.

/** Ordinary text inside a line, with nothing in it that the formatter would take for a request. */
export function inline(text) {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('~', '\\(ti').replaceAll('^', '\\(ha');
  return escaped.replace(
    /[^\x20-\x7e]/gu,
    (char) => `\\[u${char.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** Lines of text, none of which begins like a request. */
export function lines(text) {
  return text
    .split('\n')
    .map((line) => inline(line).replace(/^([.'])/, '\\&$1'))
    .join('\n');
}

/** As it is: columns, examples. */
export function verbatim(text) {
  return `.PP\n.nf\n${lines(text.replace(/^\n+|\s+$/g, ''))}\n.fi`;
}

export function heading(text) {
  return `.SH ${inline(text)}`;
}

export function subheading(text) {
  return `.SS ${inline(text)}`;
}

/** A term and what it means. */
export function item(term, text) {
  return `.TP\n.B ${inline(term)}\n${lines(text)}`;
}

/** @param day YYYY-MM-DD */
export function title({ name, section, day, version }) {
  return `.TH ${name} ${String(section)} ${day} "Sealwatch ${version}" "Sealwatch"`;
}
