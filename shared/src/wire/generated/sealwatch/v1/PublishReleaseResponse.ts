// Original file: proto/sealwatch/v1/query.proto


export interface PublishReleaseResponseInput {
  'version'?: (number);
  'digest'?: (string);
}

export interface PublishReleaseResponse {
  'version': (number);
  'digest': (string);
}
