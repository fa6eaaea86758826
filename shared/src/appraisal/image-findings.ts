import type { CatalogueEntry } from './catalogue-entry.js';

/** What can be wrong with a component's images and containers. */
const TABLE = {
  'image.missing': {
    severity: 'fail',
    fixed: true,
    meaning: 'The host has no signed image of the component, and none of its containers runs',
    remedy: 'Pull the signed image and start the component, or take it out of this role in cluster.yaml',
  },
  'image.not-running': {
    severity: 'warn',
    fixed: false,
    meaning: 'The signed image is here, but no container of the component runs',
    remedy: 'Start the component; if it restarts, wait for the next scan',
  },
  'image.unlisted': {
    severity: 'fail',
    fixed: true,
    meaning: 'A container of the component runs from an image that no manifest in force lists',
    remedy: 'Run the signed image; what a name or tag says about an image proves nothing',
  },
  'image.retagged': {
    severity: 'fail',
    fixed: true,
    meaning: 'A name of the component points to an image that no manifest in force lists',
    remedy: 'Remove the name (crictl rmi NAME) and pull the signed image again; the next restart would run this one',
  },
  'image.mixed': {
    severity: 'warn',
    fixed: false,
    meaning: 'Containers of the component run from different signed images',
    remedy: 'Finish the upgrade: restart what runs from the older image',
  },
  'image.unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'Which image it is could not be told',
    remedy: 'Look for I/O errors below /var/lib/containerd; pull the image again',
  },
  'image.blob-damaged': {
    severity: 'fail',
    fixed: true,
    meaning: "A stored part of the image is not what its digest names; containerd doesn't notice",
    remedy: 'Remove the image with its content (crictl rmi) and pull it again, then find out who changed it',
  },
  'image.blob-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'A stored part of the image could not be read',
    remedy: 'Run the agent as root; look for I/O errors below /var/lib/containerd',
  },
  'image.file-mismatch': {
    severity: 'fail',
    fixed: true,
    meaning: 'An unpacked executable of the image is not the one the publisher signed',
    remedy: 'Remove container, snapshot and image, pull it again, then find out who changed it',
  },
  'image.file-shadowed': {
    severity: 'fail',
    fixed: true,
    meaning: "A file in the container's own layer stands in the place of an executable of its image",
    remedy: 'Delete the container, so that it is made anew from its image; then find out who wrote the file',
  },
  'image.file-missing': {
    severity: 'fail',
    fixed: true,
    meaning: 'An executable of the image is not where it was unpacked',
    remedy: 'Remove container, snapshot and image, and pull it again',
  },
  'image.unpacked-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: "The container's unpacked file system could not be read",
    remedy: 'Run the agent as root; snapshotters other than overlayfs and native are not known to it',
  },
  'container.command': {
    severity: 'fail',
    fixed: true,
    meaning: 'The container is told to start another program than the manifest allows',
    remedy: 'Mend the static pod or whatever starts it',
  },
  'container.variable': {
    severity: 'fail',
    fixed: false,
    meaning: 'A variable that loads code or bends cryptography is set for the container',
    remedy: 'Take it out of the static pod, or publish an image that sets it itself',
  },
  'container.mount': {
    severity: 'fail',
    fixed: true,
    meaning: 'Something is mounted over an executable of the image',
    remedy: 'Take the mount out of the static pod or whatever starts it',
  },
  'container.settings-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'How the container is configured could not be read',
    remedy: 'Look at the file or the container; what the kubelet does with it is not known',
  },
  'container.process': {
    severity: 'fail',
    fixed: true,
    meaning: "The container's first process is no program the manifest allows",
    remedy: 'Delete the container, so that it is made anew from its image; then find out who started this',
  },
  'container.process-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: "The container's first process could not be looked at",
    remedy: 'Run the agent as root with CAP_SYS_PTRACE',
  },
  'pod.image': {
    severity: 'fail',
    fixed: true,
    meaning: 'A static pod of the component names an image that no manifest in force lists',
    remedy: 'Mend the file; the kubelet runs what it says',
  },
  'containerd.unavailable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'containerd could not be asked about the images of the component',
    remedy: 'Start containerd, and let the agent reach its socket',
  },
} as const;

export type ImageFindingCode = keyof typeof TABLE;

export const IMAGE_FINDINGS: Readonly<Record<ImageFindingCode, CatalogueEntry>> = TABLE;
