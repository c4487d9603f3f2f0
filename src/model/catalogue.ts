/** Every model, by the name that site files and commands use. */
import { levitonS4000k } from "./leviton-s4000k.ts";
import { levitonS4000r } from "./leviton-s4000r.ts";
import { levitonS4100 } from "./leviton-s4100.ts";
import type { MeterModel } from "./model.ts";

export const catalogue: readonly MeterModel[] = [levitonS4000k, levitonS4000r, levitonS4100];

export function modelNamed(name: string): MeterModel | undefined {
  return catalogue.find((model) => model.name === name);
}
