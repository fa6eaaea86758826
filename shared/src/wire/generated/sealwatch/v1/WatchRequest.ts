// Original file: proto/sealwatch/v1/query.proto


export interface WatchRequestInput {
}

export interface WatchRequest {
}
