import type { Io } from '@sealwatch/shared/cli/io.js';
import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from './completion-script.js';
import { completionWords } from './completion-words.js';

/** `sealwatch completion bash` */
export function completionCommand(io: Io): Command {
  const command = new Command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS));
  return command.addHelpText('after', HELP).action((shell: Shell) => {
    const program = rootOf(command);
    io.out.write(completionScript(shell, program.name(), completionWords(program)));
  });
}

const HELP = `
Examples:
  $ sealwatch completion bash > /etc/bash_completion.d/sealwatch
  $ source <(sealwatch completion zsh)
  $ sealwatch completion fish > ~/.config/fish/completions/sealwatch.fish`;

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
