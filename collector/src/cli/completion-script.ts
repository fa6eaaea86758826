export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

type Words = ReadonlyMap<string, readonly string[]>;

/** A script for a shell to source. Words are ours alone (command names and flags), so none needs quoting. */
export function completionScript(shell: Shell, program: string, words: Words): string {
  switch (shell) {
    case 'bash':
      return bash(program, words);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(program, words)}`;
    case 'fish':
      return fish(program, words);
  }
}

/** Follows the words already typed as far as they name commands, and offers what can come next; else file names. */
function bash(program: string, words: Words): string {
  const name = `_${program.replace(/-/g, '_')}`;
  const cases = [...words].map(([path, next]) => `    '${path}') echo '${next.join(' ')}' ;;`);
  return `${name}_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
${name}() {
  local at='${program}' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if ${name}_words "$at $word" >/dev/null; then at="$at $word"; fi
  done
  COMPREPLY=($(compgen -W "$(${name}_words "$at")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F ${name} ${program}
`;
}

/** Where the next word names a command, file names would only be in the way; behind a flag they may be wanted. */
function fish(program: string, words: Words): string {
  const name = `__${program.replace(/-/g, '_')}_path`;
  const paths = [...words.keys()].map((path) => `'${path}'`).join(' ');
  const lines = [...words].flatMap(([path, next]) => {
    const here = `complete -c ${program} -n 'test (${name}) = "${path}"'`;
    const commands = next.filter((word) => !word.startsWith('--'));
    const flags = next.filter((word) => word.startsWith('--')).map((flag) => `${here} -l ${flag.slice(2)}`);
    return commands.length === 0 ? flags : [`${here} -f -a '${commands.join(' ')}'`, ...flags];
  });
  return `function ${name}
  set -l paths ${paths}
  set -l at ${program}
  for word in (commandline -opc)[2..-1]
    contains -- "$at $word" $paths; and set at "$at $word"
  end
  echo $at
end
${lines.join('\n')}
`;
}
