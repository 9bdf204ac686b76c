/** Makes a local image of a tar of a root file system, through the engine's socket; an image of that name is replaced. */
export async function importImage(socket: string, image: { name: string; rootfs: string }): Promise<void> {
  throw new Error(`${socket} ${image.name}`);
}

/** Removes an image; one that is not there is no error. */
export async function removeImage(socket: string, name: string): Promise<void> {
  throw new Error(`${socket} ${name}`);
}

/** Whether the engine has an image of that name. */
export async function hasImage(socket: string, name: string): Promise<boolean> {
  throw new Error(`${socket} ${name}`);
}
