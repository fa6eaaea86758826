import type { DurableWrite } from '@sealwatch/shared/runtime/durable-file.js';
import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { EnrollmentBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';

/** Everything a host needs to enrol, as one file that only its owner can read. @throws as `writePrivateFile` */
export async function writeBundle(
  file: string,
  contents: Omit<EnrollmentBundle, 'schema'>,
  options: Pick<DurableWrite, 'existing'> = {},
): Promise<void> {
  const { root, address, enrollAddress, token } = contents;
  const bundle: EnrollmentBundle = {
    schema: 'sealwatch/enrollment-bundle/v1',
    root,
    address,
    enrollAddress,
    token,
  };
  await writePrivateFile(file, `${JSON.stringify(bundle, null, 2)}\n`, options);
}
