import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

export const ROOT: string = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the project's root: `shared/src/envelope/envelope.ts`. */
  readonly path: string;
  readonly imports: readonly string[];
}

/** Every TypeScript file below the folders, with what it imports; ours resolved to paths, packages as they are named. */
export function sourceFiles(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => filesBelow(join(ROOT, folder))).map(readSource);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function readSource(file: string): SourceFile {
  const imports = ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => resolve(file, fileName));
  return { path: relative(ROOT, file), imports };
}

function resolve(importer: string, specifier: string): string {
  const source = specifier.replace(/\.js$/, '.ts');
  if (specifier.startsWith('.')) return relative(ROOT, join(importer, '..', source));
  const ours = /^@sealwatch\/(shared|agent|collector)\/(.*)$/.exec(source);
  return ours === null ? specifier : `${ours[1] ?? ''}/src/${ours[2] ?? ''}`;
}
