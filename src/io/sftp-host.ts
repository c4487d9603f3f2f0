/** What an SFTP server serves, and to whom: the users of one meter and their files. */
import type { FileDoor } from "#quantity/file-visitor.ts";

export interface SftpHost extends FileDoor {
  /** The private key by which the server is known. Throws an Error with why there is none. */
  hostKey(): string;
  /** Whether anything is answered now. */
  answers(): boolean;
}
