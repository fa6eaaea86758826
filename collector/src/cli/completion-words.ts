import type { Command } from 'commander';

/** What can follow each command of a program: from its path (`sealwatch check`) to subcommands, then flags. */
export function completionWords(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  collect(program, program.name(), words);
  return words;
}

function collect(command: Command, path: string, words: Map<string, readonly string[]>): void {
  const help = command.createHelp();
  const inner = help.visibleCommands(command).filter((candidate) => candidate.name() !== 'help');
  const flags = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  words.set(path, [...inner.map((candidate) => candidate.name()), ...flags]);
  for (const candidate of inner) collect(candidate, `${path} ${candidate.name()}`, words);
}
