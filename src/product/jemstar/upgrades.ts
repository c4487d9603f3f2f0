/** Firmware and options of a JEMStar: files of firmware, the key of an option, and the reboot with which they count (section Firmware Upgrades). */
import type { Outcome } from "#quantity/authority.ts";
import type { FirmwareFacts } from "#quantity/firmware.ts";
import { limits } from "#quantity/limits.ts";
import { firmwareIn } from "#product/jemstar/dlms/beyond-image.ts";
import type { Board, Hardware } from "#revenue/people/hardware.ts";
import { boards } from "#revenue/people/hardware.ts";
import { A_DAY } from "#revenue/people/security-log.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { JemStarCommand } from "./command-shapes.ts";
import { refused, type Commanded } from "./commanded.ts";
import type { Asker } from "./hindrances.ts";
import { enabled, optionIn } from "./option-key.ts";

type Told<K extends JemStarCommand["command"]> = Extract<JemStarCommand, { readonly command: K }>;
export type Upgrading = Told<"uploadFirmware" | "optionKey" | "reboot">;

export function isUpgrading(told: JemStarCommand): told is Upgrading {
  return told.command === "uploadFirmware" || told.command === "optionKey" || told.command === "reboot";
}

const REBOOTS = "the meter reboots: sessions with it end";

export function upgrade(site: Commanded, told: Upgrading, asker: Asker): Outcome {
  if (told.command === "uploadFirmware") return upload(site, told, asker);
  if (told.command === "optionKey") return enable(site, told, asker);
  site.rebooting = true;
  note(site, "rebooted", asker);
  return { done: true, consequences: [REBOOTS] };
}

function note(site: Commanded, what: string, { origin }: Asker): void {
  site.securityLog.note(what, origin, { who: origin.by, aDay: A_DAY });
}

/** Bytes of base64; undefined of what is none. */
function bytesOf(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (one) => one.codePointAt(0) ?? 0);
  } catch {
    return undefined;
  }
}

function isBoard(name: string): name is Board {
  return (boards as readonly string[]).includes(name);
}

/** Takes a file of firmware for the board that it names. It runs once the meter has rebooted. */
function upload(site: Commanded, { image, reboot, check }: Told<"uploadFirmware">, asker: Asker): Outcome {
  const bytes = bytesOf(image);
  if (bytes === undefined) return refused("invalid", "image: expected a file in base64");
  const most = limits.dlms.imageBytes;
  if (bytes.length > most) return refused("invalid", `image: expected at most ${most} bytes; found ${bytes.length}`);
  const found = firmwareIn(bytes);
  if ("wrong" in found) return refused("invalid", `image: ${found.wrong}`);
  const { hardware } = site;
  const { board, version } = found;
  const from = isBoard(board) ? hardware.firmware[board] : undefined;
  if (!isBoard(board) || from === undefined) return refused("unsupported", `this meter has no ${board} board`);
  const consequences = [
    version === from ? `${board} ${version} is there already` : `${board} ${version} takes the place of ${from}`,
    reboot === true ? REBOOTS : "it runs once the meter has rebooted",
  ];
  if (check === true) return { done: true, consequences };
  hardware.await(board, { version, by: asker.origin });
  note(site, `firmware ${board} ${version} uploaded`, asker);
  if (reboot === true) site.rebooting = true;
  return { done: true, consequences };
}

/** Enables an option of a meter that is ready for it. */
function enable(site: Commanded, { key, check }: Told<"optionKey">, asker: Asker): Outcome {
  const { hardware, ordered, serial } = site;
  const there = enabled.find((one) => ordered.options.has(one)) ?? hardware.option;
  if (there !== undefined) return refused("unsupported", `this meter has ${there} already`);
  if (!ordered.options.has("PQ"))
    return refused("unsupported", "this meter is not ready for power quality (option PQ)");
  const option = optionIn(key, serial);
  if (option === undefined)
    return refused(
      "invalid",
      `key: expected one of this meter's serial number (${serial === "" ? "it has none" : serial})`,
    );
  const consequences = [`option ${option} takes the place of PQ`, REBOOTS];
  if (check === true) return { done: true, consequences };
  hardware.option = option;
  site.meter.log.add("event", "option enabled", asker.origin, { option });
  note(site, `option ${option} enabled`, asker);
  site.rebooting = true;
  return { done: true, consequences };
}

/** What has waited for a reboot runs from now on. */
export function bootFirmware({ hardware, meter }: { readonly hardware: Hardware; readonly meter: RevenueMeter }): void {
  for (const { board, from, to, by } of hardware.boot()) {
    meter.status.raise("firmwareChange");
    meter.log.add("event", "firmware changed", by, { board, from, to });
  }
}

/** What the meter says of its boards and options. */
export function firmwareFacts({
  hardware,
  ordered,
  rebooting,
}: {
  readonly hardware: Hardware;
  readonly ordered: Ordered;
  readonly rebooting: boolean;
}): FirmwareFacts {
  const { firmware, waiting, option } = hardware;
  return {
    boards: boards.flatMap((board) => {
      const version = firmware[board];
      const next = waiting[board]?.version;
      return version === undefined ? [] : [{ board, version, ...(next === undefined ? {} : { waiting: next }) }];
    }),
    takes: true,
    options: [...ordered.options],
    enables: ordered.options.has("PQ") && option === undefined ? [...enabled] : [],
    rebooting,
  };
}
