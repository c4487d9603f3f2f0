/** What is known of a site's meter that the wiring check takes: how it is set, and what its volts should be. */
import type { MeterView } from "#quantity/meter-api.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { systemMeaning, type Circumstances } from "./observation.ts";

/** What of a view says so. */
export type ViewOfWiring = Pick<MeterView, "nameplate"> & Readonly<Record<"wiring" | "settings", unknown>>;

/** Connections of a revenue meter, as its nameplate has them. */
const connections: Readonly<Record<string, WiringName>> = {
  "3 wire delta": "two-element",
  "open delta": "two-element",
  "3 wire wye": "two-element",
  network: "network",
  "4 wire wye": "wye",
};

/** Undefined of a service that the check does not know: a four-wire delta. */
export function circumstancesOf({ wiring, settings, nameplate }: Partial<ViewOfWiring>): Circumstances | undefined {
  if (nameplate !== undefined) {
    const system = connections[nameplate.connection];
    return system === undefined ? undefined : { system, nominalVolts: nameplate.nominal.ll };
  }
  const set = (settings ?? {}) as Readonly<Record<string, unknown>>;
  const volts = set["systemVoltage"];
  return {
    system: typeof wiring === "string" ? systemMeaning(wiring) : undefined,
    nominalVolts: typeof volts === "number" && volts > 0 ? volts : undefined,
  };
}
