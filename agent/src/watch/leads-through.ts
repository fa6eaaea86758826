import type { FollowedPath } from './followed-path.js';

const SLASH = 0x2f;

/** Whether a path is reached through a place, or the place is an entry that counts. @param place below the host root */
export function leadsThrough({ trail: { places }, children }: FollowedPath, place: Buffer): boolean {
  if (place.length === 1) return true;
  const directory = place.subarray(0, place.lastIndexOf(SLASH));
  return places.some(
    (one) => one.equals(place) || isBelow(one, place) || (children !== undefined && one.equals(directory)),
  );
}

export function isBelow(path: Buffer, directory: Buffer): boolean {
  return path[directory.length] === SLASH && path.subarray(0, directory.length).equals(directory);
}
