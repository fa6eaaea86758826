// Original file: proto/sealwatch/v1/query.proto


export interface GetStatusRequestInput {
}

export interface GetStatusRequest {
}
