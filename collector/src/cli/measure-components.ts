import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { Problems } from '@sealwatch/shared/runtime/problems.js';
import { type ComponentToMeasure, measureComponent, type MeasuredComponent } from '../publishing/measure-component.js';
import { countBytes } from './count-bytes.js';

/**
 * Measures one after the other, with progress on a terminal; everything that is wrong is said at once.
 * @throws CodedError('file.unreadable' | 'usage.invalid' | 'request.cancelled')
 */
export async function measureComponents(
  io: Io,
  root: string,
  components: readonly ComponentToMeasure[],
): Promise<MeasuredComponent[]> {
  const problems = new Problems();
  const measured: MeasuredComponent[] = [];
  const counter = countBytes(io);
  try {
    for (const component of components) {
      try {
        measured.push(await measureComponent(root, component, { onBytes: counter.onBytes(component.name) }));
      } catch (error) {
        if (io.signal.aborted || !(error instanceof CodedError)) throw error;
        problems.add('', reasonOf(error));
      }
    }
  } finally {
    counter.done();
  }
  problems.throwIfAny('file.unreadable', "these components can't be measured");
  refuseSharedPaths(measured);
  return measured;
}

/** Two components at one path would make a manifest that every host refuses. */
function refuseSharedPaths(measured: readonly MeasuredComponent[]): void {
  const owners = new Map<string, string>();
  for (const { name, paths } of measured) {
    for (const path of paths) {
      const owner = owners.get(path);
      if (owner !== undefined) {
        throw new CodedError('usage.invalid', `components ${owner} and ${name} are the same file, ${printable(path)}`);
      }
      owners.set(path, name);
    }
  }
}
