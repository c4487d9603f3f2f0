/** Every model, by the name that site files and commands use. */
import { eastronSdm630 } from "./eastron-sdm630.ts";
import { em24 } from "./em24.ts";
import { froniusTs } from "./fronius-ts.ts";
import { levitonS4000k } from "./leviton-s4000k.ts";
import { levitonS4000r } from "./leviton-s4000r.ts";
import { levitonS4100 } from "./leviton-s4100.ts";
import { ametekJemstarIi, type RevenueModel } from "./ametek-jemstar-ii.ts";
import type { MeterModel } from "./model.ts";
import { powerlogicCm2000 } from "./powerlogic-cm2000.ts";
import { powerlogicCm3000 } from "./powerlogic-cm3000.ts";
import { powerlogicCm4000 } from "./powerlogic-cm4000.ts";
import { powerlogicPm800 } from "./powerlogic-pm800.ts";
import { sunspecMeter } from "./sunspec-meter.ts";

export const catalogue: readonly MeterModel[] = [
  levitonS4000k,
  levitonS4000r,
  levitonS4100,
  powerlogicCm2000,
  powerlogicCm3000,
  powerlogicCm4000,
  powerlogicPm800,
  sunspecMeter,
  froniusTs,
  eastronSdm630,
  em24,
];

/** Meters that are set up by a configuration file. */
export const revenueModels: readonly RevenueModel[] = [ametekJemstarIi];

export function revenueModelNamed(name: string): RevenueModel | undefined {
  return revenueModels.find((model) => model.name === name);
}

export function modelNamed(name: string): MeterModel | undefined {
  return catalogue.find((model) => model.name === name);
}
