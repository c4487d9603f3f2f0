/** The push of a meter's files: by its configuration, secrets, log and store. */
import type { Clock } from "#clock/clock.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import type { MeterStore } from "#store/store.ts";
import { FileTransfer } from "./file-transfer.ts";
import type { Commanded } from "./commanded.ts";

const automatic = { by: "automatic" } as const;

export function transferOf(
  jemstar: Commanded & { readonly files: { readonly shelf: FileShelf } },
  { real, store }: { readonly real: Clock; readonly store: MeterStore },
): FileTransfer {
  return new FileTransfer({
    real,
    store,
    settings: () => jemstar.file.communications.remoteFileTransfer,
    shelf: () => jemstar.files.shelf,
    remove(name) {
      if (jemstar.removeFile(name)) jemstar.securityLog.note("files removed after their transfer", automatic, {});
    },
    works: () => jemstar.meter.powered && !jemstar.meter.testMode.on,
    now: () => jemstar.meter.clock.stamp(),
    secrets: jemstar.secrets,
    say: (what) => void jemstar.meter.log.add("event", what, automatic),
  });
}
