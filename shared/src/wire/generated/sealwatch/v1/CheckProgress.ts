// Original file: proto/sealwatch/v1/query.proto


export interface CheckProgressInput {
  'answered'?: (number);
  'asked'?: (number);
}

export interface CheckProgress {
  'answered': (number);
  'asked': (number);
}
