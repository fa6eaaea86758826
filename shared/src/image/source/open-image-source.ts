import { constants } from 'node:fs';
import { open as openCallback } from 'node:fs';
import { promisify } from 'node:util';
import { unreadableReason } from '../../hashing/unreadable-reason.js';
import { CodedError } from '../../runtime/coded-error.js';
import { ArchiveFiles } from './archive-files.js';
import { DirectoryFiles } from './directory-files.js';
import { DockerArchive } from './docker-archive.js';
import type { ImageSource } from './image-source.js';
import type { FileLocation } from './image-location.js';
import { OciLayout } from './oci-layout.js';
import { closeFile, statFile } from './read-range.js';

const open = promisify<string, number, number>(openCallback);

/**
 * Opens a layout or an archive on disk. @throws CodedError('file.unreadable' | 'image.malformed' | 'image.unsupported')
 */
export async function openImageSource({ kind, path }: Pick<FileLocation, 'kind' | 'path'>): Promise<ImageSource> {
  switch (kind) {
    case 'oci':
      return await OciLayout.open(new DirectoryFiles(path));
    case 'oci-archive':
      return await fromArchive(path, (files) => OciLayout.open(files));
    case 'docker-archive':
      return await fromArchive(path, (files) => DockerArchive.open(files));
  }
}

async function fromArchive(path: string, openIn: (files: ArchiveFiles) => Promise<ImageSource>): Promise<ImageSource> {
  const fd = await openRegular(path);
  try {
    return await openIn(await ArchiveFiles.open(path, fd, (await statFile(fd)).size));
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
}

async function openRegular(path: string): Promise<number> {
  let fd: number;
  try {
    // a FIFO must not block
    fd = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new CodedError('file.unreadable', `${path} can't be opened: ${unreadableReason(error)}`, { cause: error });
  }
  if ((await statFile(fd)).isFile()) return fd;
  await closeFile(fd);
  throw new CodedError('file.unreadable', `${path} is no regular file`);
}
