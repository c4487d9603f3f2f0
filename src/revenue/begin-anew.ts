/** What a configuration that has been applied begins anew, and leaves in the records. */
import type { Ledger } from "./ledger.ts";
import type { Recorder } from "./recorder.ts";
import type { Applied } from "./revenue-options.ts";

export function beginAnew(
  { by, registers, profiles, billing, goesOn, erased }: Applied,
  ledger: Ledger,
  recorder: Recorder,
): void {
  const { selfReads, status, log } = recorder;
  if (registers) {
    selfReads.clear();
    ledger.registers.initialise();
    ledger.demand.cut();
  }
  if (billing === true) ledger.registers.clearCumulative();
  if (goesOn !== true) recorder.mark("configuration");
  status.raise("configurationChange");
  const details = { registers: registers ? "initialised" : "kept", profiles: profiles ? "initialised" : "kept" };
  log.add("configuration", erased ?? "configuration applied", by, details);
}
