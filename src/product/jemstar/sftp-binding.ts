/** SFTP on a JEMStar: its users, who read files by the privilege and remove them by the command. */
import type { FileHost, FileVisitor } from "#product/file-host.ts";
import { isRefused } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

/** `port` is the meter's, by name. */
export function sftpHost(surface: MeterSurface, port: string, hostKey: () => string): FileHost {
  return {
    hostKey,
    async admit({ user, password, address, near }) {
      const peer = { protocol: "sftp", port, address, near, operator: false };
      const session = await surface.admit({ kind: "password", user, password }, peer);
      if (isRefused(session)) return undefined;
      const visitor: FileVisitor = {
        get shelf() {
          return surface.files;
        },
        barred: () => surface.bars("files", session)?.words.join("; "),
        remove(name) {
          const outcome = surface.obey({ command: "removeFile", name }, session);
          if (!isRefused(outcome)) return undefined;
          return { refused: outcome.refused === "invalid" ? "none" : "denied", words: outcome.words.join("; ") };
        },
        whenOver: (run) => surface.whenOver(session, run),
        leave: () => surface.leave(session),
      };
      return visitor;
    },
  };
}
