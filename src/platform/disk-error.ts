const ofTheDisk = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO']);

/**
 * The error of a file below `directory`, where it is the disk's: in words that name the directory, and stay the same while
 * it lasts. Node names the call and the file, which may be a temporary one. Every other error is given back as it is.
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
