import { type Command, Option } from 'commander';

const OUTPUTS = ['text', 'json'] as const;
export type Output = (typeof OUTPUTS)[number];

export interface OutputOptions {
  readonly output: Output;
}

export function withOutputOption(command: Command): Command {
  return command.addOption(
    new Option('--output <form>', 'text for people, json for programs').choices(OUTPUTS).default('text'),
  );
}
