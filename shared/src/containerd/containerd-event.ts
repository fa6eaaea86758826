/** One thing in containerd that is not as it was. What it is now has to be asked. */
export type ContainerdChange =
  | { readonly kind: 'image'; readonly name: string }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'task'; readonly containerId: string; readonly pid: number }
  | { readonly kind: 'snapshot'; readonly key: string };

/** `change` is undefined if something of ours changed, and the event does not say what in a form we know. */
export interface ContainerdEvent {
  readonly topic: string;
  readonly change: ContainerdChange | undefined;
}

/** Hears one subscription. `ended` comes once, last, and not after `close`. */
export interface ContainerdEventListener {
  event(event: ContainerdEvent): void;
  ended(reason: string): void;
}

export interface ContainerdSubscription {
  close(): void;
}
