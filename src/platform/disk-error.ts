const ofTheDisk = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO']);

/**
 * A disk's error for a file below `directory`, in words that name the directory and stay the same while it lasts: Node's
 * words name the call and the file, which may be temporary. Returns every other error unchanged.
 */
export function diskError(directory: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!ofTheDisk.has(code)) return error;
  return Object.assign(new Error(`${directory} cannot be written (${causeOf(error)})`, { cause: error }), {
    code,
  });
}

/** `ENOSPC: no space left on device`, without the call and the file that Node puts behind it. */
export function causeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(', ')[0] ?? message;
}
