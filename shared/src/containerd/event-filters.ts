/**
 * What to ask of containerd's event stream, which covers all namespaces: the changes that measuring follows. Processes
 * added by exec (probes do it every few seconds) are left out where the topic tells them apart.
 */
export function eventFilters(namespace: string): string[] {
  return TOPICS.map((topics) => `namespace==${namespace},topic~="${topics}"`);
}

const TOPICS = [
  '^/images/(create|update|delete)$',
  '^/containers/(create|update|delete)$',
  '^/tasks/(create|start|exit|delete)$',
  '^/snapshot/(prepare|commit|remove)$',
];
