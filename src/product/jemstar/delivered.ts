/** What a JEMStar II is before it measures: what was ordered, its hardware, its configuration file, and what its store has kept of it. */
import { readText, resolvePath } from "#io/file.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import type { DeviceOptions } from "#product/product.ts";
import type { TakeObservation } from "#quantity/observation.ts";
import { EARLIER_LAYOUT } from "#revenue/earlier-memory.ts";
import { MEMORY_LAYOUT } from "#revenue/memory-layout.ts";
import { Hardware } from "#revenue/people/hardware.ts";
import type { Applied, MakeQuality, RecordingMakers } from "#revenue/revenue-options.ts";
import { parseModelNumber, type Ordered } from "#revenue/settings/model-number.ts";
import type { MeterStore } from "#store/store.ts";
import { parseRevenueFile } from "./configuration-file.ts";
import { KEY, saidBefore, startingWith, textOf } from "./configuration-kept.ts";
import type { Noted } from "./configuration-noted.ts";
import { withOption } from "./option-key.ts";
import type { Ports } from "./ports.ts";
import { Secrets } from "./secrets.ts";

const LAYOUT_KEY = "memory-layout";
const layout = new TextEncoder().encode(MEMORY_LAYOUT);
const MEMORY_KEY = "memory";

export interface JemStarOptions extends DeviceOptions {
  readonly model: RevenueModel;
  /** Makes the power-quality instrument of a meter on which that is enabled; none unless said. */
  readonly quality?: MakeQuality | undefined;
  /** Makes what records at it; nothing is recorded unless said. */
  readonly recording?: RecordingMakers | undefined;
  /** Takes what triggers have left. */
  readonly observe?: TakeObservation | undefined;
}

export interface Delivered {
  readonly modelNumber: string;
  readonly ordered: Ordered;
  readonly hardware: Hardware;
  readonly secrets: Secrets;
  readonly starting: ReturnType<typeof startingWith>;
  /** Its memory is laid out as an earlier version did it, which can be gone on from; or otherwise, and it begins anew. */
  readonly earlier: boolean;
  readonly foreign: boolean;
  /** What whoever starts the site should know. */
  readonly notices: string[];
}

/** Throws an Error that says what is wrong with the model number or the configuration. */
export function delivered({ entry, model, folder, store, keyFile }: JemStarOptions): Delivered {
  const notices: string[] = [];
  const bought = entry.modelNumber ?? model.modelNumber;
  const { options } = parseModelNumber(bought);
  // There is a board for power quality where that was ordered.
  const pq = [...options].some((one) => one.startsWith("PQ")) ? { pq: model.firmware.metrology } : {};
  const hardware = new Hardware(store, { firmware: { ...model.firmware, ...pq }, sealed: options.has("MID") });
  // As it was ordered, or with what a key has enabled since.
  const modelNumber = withOption(bought, hardware.option);
  const ordered = parseModelNumber(modelNumber);
  const file = entry.configuration === undefined ? undefined : resolvePath(folder, entry.configuration);
  const given = file === undefined ? "" : readText(file);
  const fromFile = parseRevenueFile(file ?? `the configuration of ${entry.name}`, given, ordered);
  if (modelNumber !== bought) saidBefore(store, given, { before: parseModelNumber(bought), now: fromFile });
  const laidOut = textOf(store.get(LAYOUT_KEY));
  const earlier = laidOut === EARLIER_LAYOUT;
  const foreign = !earlier && laidOut !== MEMORY_LAYOUT && setAside(store, notices);
  const secrets = new Secrets({ store, meter: entry.name, keyFile });
  if (secrets.trouble !== undefined) notices.push(secrets.trouble);
  if (hardware.sealed && !options.has("MID"))
    notices.push(`the store is of a MID meter, whose seals stay whatever its model number says`);
  const sealed = hardware.keys.metering;
  const starting = startingWith(fromFile, { name: entry.name, store, ordered, foreign, sealed });
  if (starting.lost !== undefined) notices.push(starting.lost);
  if (starting.sealed.length > 0)
    notices.push(`the security key keeps ${starting.sealed.join(", ")} as before the file was changed`);
  return { modelNumber, ordered, hardware, secrets, starting, earlier, foreign, notices };
}

/** What an earlier version kept means something else now: it is kept aside, and the meter begins anew. */
function setAside(store: MeterStore, notices: string[]): boolean {
  if (store.get(KEY) === undefined) return false;
  for (const key of [KEY, MEMORY_KEY]) {
    const bytes = store.get(key);
    if (bytes !== undefined) store.put(`${key}.earlier`, bytes);
  }
  notices.push(
    `an earlier version kept its memory and configuration otherwise; they are put aside in the store (${KEY}.earlier, ${MEMORY_KEY}.earlier), and it begins anew with the site file's`,
  );
  return true;
}

/** From now on the store says how memory is laid out in it. */
export function keepLayout(store: MeterStore): void {
  store.holds(LAYOUT_KEY, () => layout);
  if (textOf(store.get(LAYOUT_KEY)) !== MEMORY_LAYOUT) store.put(LAYOUT_KEY, layout);
}

/** What a meter has that goes on with another configuration: its clock, and what its history says of that. */
export interface GoingOn extends Noted {
  readonly utc: number;
}

/** Nothing of what was measured can be gone on from. */
export const anew: Applied = {
  by: { by: "another version" },
  registers: true,
  profiles: true,
  pulses: true,
  erased: "memory of another version",
};

/** What the meter's display says of its ports and its boards. */
export function displayOf(
  ports: Ports,
  hardware: Hardware,
): { readonly communication: string; readonly firmware: string } {
  const firmware = Object.entries(hardware.firmware).map(([board, version]) => `${board} ${version}`);
  return { communication: ports.text, firmware: firmware.join("; ") };
}
