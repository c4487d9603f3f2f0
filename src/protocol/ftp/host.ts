/** What an FTP server serves, and to whom: the users of one meter and their files. */
import type { FileDoor } from "#quantity/file-visitor.ts";

export interface FtpHost extends FileDoor {
  /** Whether anything is answered now. */
  answers(): boolean;
}
