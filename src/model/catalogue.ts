/** Every model, by the name that site files and commands use. */
import { eastronSdm630 } from "./eastron-sdm630.ts";
import { em24 } from "./em24.ts";
import { froniusTs } from "./fronius-ts.ts";
import { levitonS4000k } from "./leviton-s4000k.ts";
import { levitonS4000r } from "./leviton-s4000r.ts";
import { levitonS4100 } from "./leviton-s4100.ts";
import type { MeterModel } from "./model.ts";
import { sunspecMeter } from "./sunspec-meter.ts";

export const catalogue: readonly MeterModel[] = [
  levitonS4000k,
  levitonS4000r,
  levitonS4100,
  sunspecMeter,
  froniusTs,
  eastronSdm630,
  em24,
];

export function modelNamed(name: string): MeterModel | undefined {
  return catalogue.find((model) => model.name === name);
}
