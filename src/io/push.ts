/** Files that are put onto a server of somebody else, whatever protocol carries them. */
import { openFtpPush } from "./push-ftp.ts";
import { openScpPush, openSftpPush } from "./push-ssh.ts";
import type { Push, PushOptions, PushTarget } from "./push-target.ts";

/** Connects and logs in. Rejects with what went wrong, in words. */
export function openPush(target: PushTarget, options: PushOptions): Promise<Push> {
  const open = { sftp: openSftpPush, scp: openScpPush, ftp: openFtpPush }[target.protocol];
  return open(target, options);
}
