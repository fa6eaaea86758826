// Original file: proto/sealwatch/v1/query.proto


/**
 * A result document in Sealwatch's documented JSON, as the command line prints it with --output json.
 */
export interface CheckResultInput {
  /**
   * sealwatch/check/v1
   */
  'schema'?: (string);
  /**
   * UTF-8 JSON, raw deflate: the answer for ten thousand hosts still fits a message.
   */
  'deflatedDocument'?: (Buffer | Uint8Array | string);
}

/**
 * A result document in Sealwatch's documented JSON, as the command line prints it with --output json.
 */
export interface CheckResult {
  /**
   * sealwatch/check/v1
   */
  'schema': (string);
  /**
   * UTF-8 JSON, raw deflate: the answer for ten thousand hosts still fits a message.
   */
  'deflatedDocument': (Buffer);
}
