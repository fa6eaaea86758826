// Which libraries are in a bundle, and under which licences.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULE = '='.repeat(80);

/**
 * @param folders of packages
 * @returns `{ text, licenses }`: what to ship beside the bundle, and the SPDX names that occur, sorted
 */
export function thirdPartyNotices(folders) {
  const found = folders.map(readPackage);
  const text = found.map(({ title, notice }) => `${RULE}\n${title}\n${RULE}\n\n${notice}\n`);
  return { text: text.join('\n'), licenses: [...new Set(found.map(({ license }) => license))].sort() };
}

/** The packages that files of node_modules (relative to the project) belong to; absolute, sorted, once each. */
export function packageFolders(project, inputs) {
  return [...new Set(inputs.map((file) => join(project, packageFolder(file))))].sort();
}

/** node_modules/a/node_modules/@b/c/lib/d.js -> node_modules/a/node_modules/@b/c */
function packageFolder(file) {
  const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  if (folder === undefined) throw new Error(`${file} is in no package of node_modules`);
  return folder;
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder}/package.json names no licence`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)(\.|$)/i.test(file));
  if (files.length === 0) throw new Error(`${folder} holds no text of its licence`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { title: `${name} ${version}: ${license}`, license, notice: texts.join('\n\n') };
}
