/** What is wrong with a disk, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the disk takes no larger file",
  EROFS: "the disk is read-only",
  EIO: "the disk fails",
};

/** Of what the system or the database threw. */
export function reasonOf(error: unknown): string {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  return reasons[code] ?? message;
}
