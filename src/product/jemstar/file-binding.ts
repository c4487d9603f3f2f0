/** SFTP and FTP on a JEMStar: its users, who read files by the privilege and remove them by the command. */
import { bars, sendScl } from "#product/sent-scl.ts";
import type { FileHost } from "#product/file-host.ts";
import { isRefused } from "#quantity/authority.ts";
import type { FileDoor, FileVisitor } from "#quantity/file-visitor.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { removeFile } from "#product/removed-file.ts";

/** `port` is the meter's, by name. */
export function fileDoor(surface: MeterSurface, protocol: "sftp" | "ftp", port: string): FileDoor {
  return {
    async admit({ user, password, address, near }) {
      const peer = { protocol, port, address, near, operator: false };
      const session = await surface.admit({ kind: "password", user, password }, peer);
      if (isRefused(session)) return undefined;
      const visitor: FileVisitor = {
        get shelf() {
          return surface.files;
        },
        barred: () => surface.bars("files", session)?.words.join("; "),
        remove: (name) => removeFile(surface, session, name),
        mayPut: (name) => bars(surface, session, name),
        put: (name, content) => sendScl(surface, session, name, content),
        whenOver: (run) => surface.whenOver(session, run),
        leave: () => surface.leave(session),
      };
      return visitor;
    },
  };
}

export function sftpHost(surface: MeterSurface, port: string, hostKey: () => string): FileHost {
  return { ...fileDoor(surface, "sftp", port), hostKey };
}
