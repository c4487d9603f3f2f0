/**
 * A meter's own address, speed and parity are set while the site runs, at its panel, by a register or a command: what listens for it takes
 * them then, as the meter's own port does, where the site file does not say otherwise.
 */
import { protocols } from "#fleet/protocols/table.ts";
import type { LineSettings } from "#product/product.ts";
import { keyIn, type Installed } from "./installed.ts";
import type { Listeners } from "./listeners.ts";
import type { Notice } from "./notice.ts";
import type { SiteFile } from "./site-schema.ts";

const FOLLOWS = "listens as it is set now";

export interface Following {
  readonly described: SiteFile;
  readonly installed: readonly Installed[];
  readonly listeners: Listeners;
  readonly isRunning: () => boolean;
  /** These are what runs from now on. */
  readonly take: (installed: readonly Installed[]) => void;
}

export class ChangedLines {
  /** What could not be listened on as it was set: it is tried again once somebody sets it otherwise. */
  #refused: readonly LineSettings[] = [];

  /** Whether a meter has another line than it is listened for on. */
  areThere(installed: readonly Installed[]): boolean {
    if (!installed.some(isChanged)) return false;
    return !installed.every(({ device }, k) => isSame(device.line, this.#refused[k]));
  }

  /** Listens as the meters are set, or goes on as before and says why. */
  async follow({ described, installed, listeners, isRunning, take }: Following): Promise<readonly Notice[]> {
    const changed = installed.filter(isChanged);
    const next = installed.map((one) =>
      changed.includes(one) ? { ...one, listening: { ...one.listening, line: { ...one.device.line } } } : one,
    );
    const all = next.map(({ listening }) => listening);
    const names = changed.map(nameOf);
    const told = changed.flatMap((one): readonly Notice[] => {
      const words = whatBecomes(one);
      return words === undefined ? [] : [{ level: "info", meter: nameOf(one), words }];
    });
    const lines = installed.map(({ device }) => device.line);
    try {
      const opening = await listeners.prepare(all, keyIn(described));
      try {
        if (!isRunning()) throw new Error("the site is stopping");
        const begin = opening.behind(all);
        take(next);
        await begin();
      } catch (error) {
        await opening.undo();
        throw error;
      }
      this.#refused = [];
      return told;
    } catch (error) {
      this.#refused = lines;
      const why = error instanceof Error ? error.message : String(error);
      return names.map((meter) => ({ level: "warn", meter, words: `listens as before, and not as it is set: ${why}` }));
    }
  }
}

function nameOf({ made }: Installed): string {
  return made.entry.name;
}

/** In what listens for it: the site file may say what it would have from the meter. Undefined where it is not about any. */
function whatBecomes({ device, listening }: Installed): string | undefined {
  const [before, now] = [listening.line, device.line];
  const stays: string[] = [];
  for (const { protocol: name, transport: way, keys, port } of listening.listen) {
    const protocol = protocols.find((one) => one.name === name);
    const transport = protocol?.transports.find((one) => one.name === way);
    const stationOf = ({ address }: LineSettings) =>
      transport === undefined ? undefined : protocol?.station?.(keys, address, transport);
    const { word = "", number } = stationOf(now) ?? {};
    if (!Object.is(stationOf(before)?.number, number)) return FOLLOWS;
    if (!Object.is(before.address, now.address) && number !== undefined) stays.push(`${word} ${number}`);
    for (const key of port === "ethernet" ? [] : (["baud", "parity"] as const)) {
      if (Object.is(before[key], now[key])) continue;
      const given = Object.entries(keys as object).find(([one]) => one === key)?.[1] as unknown;
      if (given === undefined) return FOLLOWS;
      stays.push(`${key} ${String(given)}`);
    }
  }
  if (stays.length === 0) return undefined;
  return `listens with ${[...new Set(stays)].join(", ")}, as the site file says, and not as it is set now`;
}

function isChanged({ device, listening }: Installed): boolean {
  return !isSame(device.line, listening.line);
}

/** A meter that has no such setting says NaN. */
function isSame(one: LineSettings, other: LineSettings | undefined): boolean {
  const keys = ["address", "baud", "parity"] as const;
  return other !== undefined && keys.every((key) => Object.is(one[key], other[key]));
}
