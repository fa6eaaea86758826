/**
 * What a watch says: only a reason to look, never evidence. What is there, the look that follows it sees.
 */
export type Disturbance =
  /** Something about these components' files. */
  | { readonly kind: 'files'; readonly components: readonly string[] }
  /** Processes of these components began, ended or became another program, or what is loaded into them may differ. */
  | { readonly kind: 'processes'; readonly components: readonly string[] | 'all' }
  /** What pods are to run, or what they run. */
  | { readonly kind: 'images' }
  /** What TLS services were told to accept, or whom their certificates must lead to. */
  | { readonly kind: 'services' }
  /** The platform's own files and settings, or the cluster's authorities. */
  | { readonly kind: 'host' }
  /** More happened than could be followed, or nothing can be. */
  | { readonly kind: 'everything'; readonly reason: string };
