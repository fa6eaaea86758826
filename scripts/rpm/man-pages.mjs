// Man pages. Commands and options come from the programs themselves, so that a page can't say anything else than --help;
// what --help does not say (files, what stays when a package goes) is in packaging/man, by hand.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { heading, inline, item, lines, subheading, title, verbatim } from './roff.mjs';

const PROGRAMS = `
  export { calledProgram } from './agent/src/cli/called-program.js';
  export { collectorProgram } from './collector/src/cli/collector-program.js';
  export { sealwatchProgram } from './collector/src/cli/program.js';
  export { clusterTemplate } from './collector/src/config/cluster-template.js';
`;
const AGENT_COMMANDS = ['enroll', 'inspect', 'probe', 'run', 'status', 'verify'];

/** @returns by package the pages it has: a map from a file name (`x.8.gz`) to its contents */
export async function manPages(project, { day, version }) {
  const { calledProgram, collectorProgram, sealwatchProgram, clusterTemplate } = await loadPrograms(project);
  const io = {
    out: { write: () => true },
    err: { write: () => true },
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
  };
  const handwritten = (file) => readFileSync(join(project, 'packaging', 'man', file), 'utf8').trim();
  const page = (name, section, parts) => {
    const text = [title({ name, section, day, version }), ...parts].join('\n');
    return [`${name}.${String(section)}.gz`, gzipSync(`${text}\n`, { level: 9 })];
  };
  const program = (command, section) =>
    page(command.name(), section, [...programSections(command), handwritten(`${command.name()}.man`)]);
  const template = clusterTemplate({
    name: 'example',
    mode: 'fips',
    adopt: null,
    collectorHost: 'collector.example.org',
    hosts: [{ name: 'node-1', role: 'control-plane' }],
  });
  return {
    agent: new Map([
      program(await calledProgram(AGENT_COMMANDS, io), 8),
      page('agent.yaml', 5, [handwritten('agent.yaml.man')]),
    ]),
    collector: new Map([
      program(collectorProgram(io), 8),
      page('collector.yaml', 5, [handwritten('collector.yaml.man')]),
    ]),
    cli: new Map([
      program(sealwatchProgram(io), 1),
      page('cluster.yaml', 5, [handwritten('cluster.yaml.man'), verbatim(template)]),
    ]),
  };
}

/** The sources, as a module inside node_modules: their libraries are found from there. */
async function loadPrograms(project) {
  const cache = join(project, 'node_modules', '.cache', 'sealwatch-rpm');
  const outfile = join(cache, `programs-${String(process.pid)}.mjs`);
  mkdirSync(cache, { recursive: true });
  try {
    await build({
      stdin: { contents: PROGRAMS, resolveDir: project },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'bundle',
      external: [
        '@grpc/*',
        'pino',
        'yaml',
        'zod',
        'zod/*',
        'node-forge',
        'node-forge/*',
        'commander',
        'grpc-health-check',
      ],
      conditions: ['sealwatch-source'],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

function programSections(program) {
  const name = program.name();
  const parts = [heading('NAME'), `${inline(name)} \\- ${inline(lowerFirst(program.description()))}`];
  parts.push(heading('SYNOPSIS'), `.B ${inline(name)}\n.I command\n.RI [ options ]`);
  parts.push(heading('COMMANDS'));
  for (const command of leaves(program)) parts.push(...commandSections(command));
  return parts;
}

function commandSections(command) {
  const help = command.createHelp();
  const parts = [subheading(help.commandUsage(command).replace(' [options]', '')), lines(`${command.description()}.`)];
  for (const argument of help.visibleArguments(command)) {
    parts.push(item(argument.name(), help.argumentDescription(argument)));
  }
  for (const option of help.visibleOptions(command)) {
    if (option.long !== '--help') parts.push(item(option.flags, help.optionDescription(option)));
  }
  const after = textAfterHelp(command);
  if (after !== '') parts.push(verbatim(after));
  return parts;
}

function leaves(command) {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** commander prints it and does not hand it out. */
function textAfterHelp(command) {
  let all = '';
  command.configureOutput({ writeOut: (text) => (all += text) });
  command.outputHelp();
  return all.slice(command.helpInformation().length).trim();
}

function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
