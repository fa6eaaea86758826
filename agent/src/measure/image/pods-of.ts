import type { StaticPod } from '@sealwatch/shared/measurement/image-measurement.js';
import { cutText } from '../cut-text.js';
import type { StaticPodContainer } from '../pod/static-pod-containers.js';
import { podSettings } from './container-settings.js';

const MAX_TEXT_BYTES = 1000;

/** The static pods that hold a container by a component's name, and every file that may for all that can be told. */
export function podsOf(component: string, containers: readonly StaticPodContainer[]): StaticPod[] {
  return containers.flatMap((found): StaticPod[] => {
    const { file, digest } = found;
    if (found.state === 'unreadable') {
      return [{ file, digest, image: '', settings: { state: 'unreadable', reason: found.reason } }];
    }
    const { container } = found;
    if (container.name !== component) return [];
    return [{ file, digest, image: cutText(container.image, MAX_TEXT_BYTES), settings: podSettings(container) }];
  });
}
