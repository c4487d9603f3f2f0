/** Every model, by the name that site files and commands use. */
import { abbB23 } from "./abb-b23.ts";
import { em340, et340 } from "./carlo-gavazzi-300.ts";
import { chintDtsu666 } from "./chint-dtsu666.ts";
import { eastronSdm120 } from "./eastron-sdm120.ts";
import { eastronSdm230 } from "./eastron-sdm230.ts";
import { eastronSdm630 } from "./eastron-sdm630.ts";
import { eastronSdm72d } from "./eastron-sdm72d.ts";
import { em112 } from "./em112.ts";
import { em24 } from "./em24.ts";
import { froniusTs } from "./fronius-ts.ts";
import { froniusTsRtu } from "./fronius-ts-rtu.ts";
import { janitzaUmg604, janitzaUmg96rm } from "./janitza-umg.ts";
import { levitonS4000k } from "./leviton-s4000k.ts";
import { levitonS4000r } from "./leviton-s4000r.ts";
import { levitonS4100 } from "./leviton-s4100.ts";
import { ametekJemstarIi, type RevenueModel } from "./ametek-jemstar-ii.ts";
import type { MeterModel } from "./model.ts";
import { powerlogicCm2000 } from "./powerlogic-cm2000.ts";
import { powerlogicCm3000 } from "./powerlogic-cm3000.ts";
import { powerlogicCm4000 } from "./powerlogic-cm4000.ts";
import { powerlogicPm800 } from "./powerlogic-pm800.ts";
import { schneiderIem3155, schneiderIem3255 } from "./schneider-iem3000.ts";
import { sunspecMeter } from "./sunspec-meter.ts";
import { wattnodeWnc } from "./wattnode-wnc.ts";

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
  froniusTsRtu,
  eastronSdm630,
  eastronSdm72d,
  eastronSdm120,
  eastronSdm230,
  em24,
  em112,
  em340,
  et340,
  abbB23,
  chintDtsu666,
  wattnodeWnc,
  schneiderIem3155,
  schneiderIem3255,
  janitzaUmg604,
  janitzaUmg96rm,
];

/** Meters that are set up by a configuration file. */
export const revenueModels: readonly RevenueModel[] = [ametekJemstarIi];

export function revenueModelNamed(name: string): RevenueModel | undefined {
  return revenueModels.find((model) => model.name === name);
}

export function modelNamed(name: string): MeterModel | undefined {
  return catalogue.find((model) => model.name === name);
}
