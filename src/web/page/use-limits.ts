/** The limits that were chosen for a meter, which the browser keeps. */
import { useState } from "preact/hooks";
import { keep, keptOf } from "./kept.ts";
import { isLowVoltage } from "./quality.ts";
import type { OfMeter } from "./sections.ts";
import { readChoice, type LimitChoice } from "./spectrum-limits.ts";

/** Limits that are chosen for a meter whenever it is looked at. */
export function useLimits({
  live: { name, quality, nameplate },
}: OfMeter): [LimitChoice, (choice: LimitChoice) => void] {
  const isLow = quality !== undefined && isLowVoltage(quality, nameplate?.ratings.pt.primary);
  const usual: LimitChoice = { standard: isLow ? "public" : "none" };
  const [kept, take] = useState(() => keptOf<LimitChoice | undefined>(`limits ${name}`, readChoice, undefined));
  const choose = (choice: LimitChoice): void => {
    keep(`limits ${name}`, choice);
    take(choice);
  };
  return [kept ?? usual, choose];
}
