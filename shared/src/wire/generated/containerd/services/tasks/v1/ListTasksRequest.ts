// Original file: proto/containerd/tasks.proto


export interface ListTasksRequestInput {
}

export interface ListTasksRequest {
}
