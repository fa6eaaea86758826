// Original file: proto/sealwatch/v1/query.proto


export interface UploadManifestResponseInput {
  'digest'?: (string);
}

export interface UploadManifestResponse {
  'digest': (string);
}
