import { moduleMeasurementOf } from '../appraisal/appraise-modules.js';
import { processComponents } from '../appraisal/appraise-processes.js';
import {
  conclusionContext,
  declaredFor,
  type ExaminedProgram,
  type ModuleReference,
  moduleReference,
} from '../appraisal/module-reference.js';
import { concludeModule } from '../binary/conclude-module.js';
import type { ModuleClaim } from '../cmvp/module-paragraph.js';
import { declaredModuleText } from '../manifest/module-declaration.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Measurement } from '../measurement/measurement.js';

/** One claim before it is said of all its components together. */
interface Said {
  readonly claimant: string;
  readonly module: string;
  readonly component: string;
  readonly certificate: number | null;
}

/**
 * Who says which module the components have: the manifests in force, and where they are silent about a module that a
 * host really has, the list of known builds or nobody. Each once, with all its components.
 * @param hosts what each host measured
 * @param valid the manifests in force
 */
export function moduleClaimsOf(
  hosts: readonly (readonly Measurement[])[],
  valid: readonly VerifiedManifest[],
): ModuleClaim[] {
  const groups = new Map<string, { said: Said; components: Set<string> }>();
  for (const component of processComponents(valid)) {
    const reference = moduleReference(component, valid);
    for (const said of [...declaredClaims(component, reference), ...seenClaims(component, reference, hosts)]) {
      const { claimant, module, certificate } = said;
      const key = JSON.stringify([claimant, module, certificate]);
      const group = groups.get(key) ?? { said, components: new Set() };
      groups.set(key, group);
      group.components.add(component);
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        ,
        {
          said: { claimant, module, certificate },
          components,
        },
      ]) => {
        return { claimant, module: `${module} of ${[...components].join(', ')}`, certificate };
      },
    );
}

function declaredClaims(component: string, { programs }: ModuleReference): Said[] {
  return programs.flatMap(({ module, by }) => {
    if (module === undefined) return [];
    const text = declaredModuleText(module);
    const certificates = module.certificates.length === 0 ? [null] : module.certificates;
    return certificates.map((certificate) => ({ claimant: by, module: text, component, certificate }));
  });
}

/** Of modules in use that no publisher declares. */
function seenClaims(component: string, reference: ModuleReference, hosts: readonly (readonly Measurement[])[]): Said[] {
  return hosts.flatMap((measurements) =>
    (moduleMeasurementOf(measurements, component)?.observed.programs ?? []).flatMap((program) =>
      program.state === 'program' && declaredFor(program, reference).length === 0
        ? undeclared(component, program, reference)
        : [],
    ),
  );
}

function undeclared(component: string, program: ExaminedProgram, reference: ModuleReference): Said[] {
  const { module } = concludeModule(program.facts, conclusionContext(program, reference));
  if (module.state === 'known') {
    const text = `${module.name} ${module.version}`;
    const certificates = module.certificates.length === 0 ? [null] : module.certificates.map(Number);
    return certificates.map((certificate) => {
      return { claimant: 'the list of known builds', module: text, component, certificate };
    });
  }
  if (module.state !== 'unknown-build') return [];
  const { boring } = program.facts;
  const text =
    boring.state === 'found'
      ? declaredModuleText({ kind: 'boringcrypto', certificates: [], ...boring })
      : 'the module of the Go toolchain';
  return [{ claimant: 'the program itself', module: text, component, certificate: null }];
}
