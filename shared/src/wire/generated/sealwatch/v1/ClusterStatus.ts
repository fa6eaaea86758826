// Original file: proto/sealwatch/v1/query.proto


export interface ClusterStatusInput {
  'clusterId'?: (string);
  'clusterName'?: (string);
  'mode'?: (string);
  'verdict'?: (string);
  'releaseVersion'?: (number);
  'declared'?: (number);
  'compliant'?: (number);
  'noncompliant'?: (number);
  'unknown'?: (number);
  'connected'?: (number);
  'collectorVersion'?: (string);
  'at'?: (string);
  'demonstration'?: (boolean);
}

export interface ClusterStatus {
  'clusterId': (string);
  'clusterName': (string);
  'mode': (string);
  'verdict': (string);
  'releaseVersion': (number);
  'declared': (number);
  'compliant': (number);
  'noncompliant': (number);
  'unknown': (number);
  'connected': (number);
  'collectorVersion': (string);
  'at': (string);
  'demonstration': (boolean);
}
