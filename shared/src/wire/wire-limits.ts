/** Sizes in bytes and counts that both ends of a connection keep. */

/** One gRPC message of an operator, or down to an agent: a release with its manifests. */
export const MAX_MESSAGE_BYTES: number = 16 * 1024 * 1024;

/** One gRPC message of an agent: a report with the bodies that are new. */
export const MAX_ATTEST_REQUEST_BYTES: number = 1024 * 1024;

/** All measurement bodies of one message, uncompressed: far above an honest report, far below a deflate bomb. */
export const MAX_BODIES_BYTES: number = 4 * 1024 * 1024;

export const MAX_SIGNATURES = 8;
export const MAX_MANIFESTS = 50;
export const MAX_PROTOCOL_VERSIONS = 16;
