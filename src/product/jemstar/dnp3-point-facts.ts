/** What a reader has to know of the DNP3 points that a configuration makes (Appendix G). */
import { rolloversOf } from "#product/jemstar/dnp3/counters.ts";
import { outputsOf } from "#product/jemstar/dnp3/image.ts";
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { BinaryPoint } from "#quantity/meter-surface.ts";
import { isInstant } from "#quantity/register-name.ts";
import { unitOf } from "#quantity/unit.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { isSigned, nameOf, shownUnit } from "./modbus-point-facts.ts";

/** Variations with flags that have all of a number: 32 bits of counters and analogs. */
const [WHOLE, WITH_FLAGS] = [1, 2];

export function dnp3PointFactsOf(file: RevenueFile): readonly PointFacts[] {
  const { dnp3, registers, primary, triggers, io } = file;
  const all = new Map(Object.values(registers).flatMap((list) => list.map((one) => [one.id, one] as const)));
  const { long } = rolloversOf(dnp3.counterDigits);
  const counters = dnp3.counters.map(({ register, scaling }, index): PointFacts => {
    const settings = all.get(register);
    return {
      kind: "counter",
      index,
      name: settings === undefined ? `register ${register}` : nameOf(settings),
      label: settings?.label ?? "",
      variation: WHOLE,
      ...(settings === undefined ? { unit: "", scale: 1 } : shownUnit(settings)),
      scaling,
      factor: 1,
      ...(settings !== undefined && isSigned(settings) ? { wrapsAt: long } : {}),
      ...(settings !== undefined && isInstant(settings.type) ? { instant: true as const } : {}),
    };
  });
  const frozen = counters.map((one): PointFacts => ({ ...one, kind: "frozen counter", name: `frozen ${one.name}` }));
  const analogs = dnp3.analogs.map(({ measure, scaling }, index): PointFacts => ({
    kind: "analog",
    index,
    name: measureName(measure),
    label: "",
    variation: WHOLE,
    unit: unitOf(measure),
    scale: 1,
    scaling,
    factor: primaryFactor(measure, primary.pt, primary.ct),
  }));
  const binary = (kind: "binary" | "output", index: number, name: string, label = ""): PointFacts => ({
    kind,
    index,
    name,
    label,
    variation: WITH_FLAGS,
    unit: "",
    scale: 1,
    scaling: 1,
    factor: 1,
  });
  const labels = new Map(triggers.map(({ id, label }) => [id, label]));
  const binaries = dnp3.binaries.map((point, index) =>
    binary("binary", index, binaryName(point), "trigger" in point ? labels.get(point.trigger) : ""),
  );
  const outputs = Array.from({ length: outputsOf(io) }, (_, k) => binary("output", k, `output ${k + 1}`));
  return [...counters, ...frozen, ...analogs, ...binaries, ...outputs];
}

function binaryName(point: BinaryPoint): string {
  if ("input" in point) return `input ${point.input}`;
  if ("trigger" in point) return `trigger ${point.trigger}`;
  return "status" in point ? point.status : `output ${point.output}`;
}
