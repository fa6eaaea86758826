// Original file: proto/sealwatch/v1/query.proto


export interface GetReleaseRequestInput {
}

export interface GetReleaseRequest {
}
