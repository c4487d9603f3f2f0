/** Every model, by the name that site files and commands use. */
import { levitonS4100 } from "./leviton-s4100.ts";
import type { MeterModel } from "./model.ts";

export const catalogue: readonly MeterModel[] = [levitonS4100];

export function modelNamed(name: string): MeterModel | undefined {
  return catalogue.find((model) => model.name === name);
}
