/** Commands of one register that give readings the values of scratch registers: in the counts of the readings' own registers. */
import type { Quantity } from "#quantity/quantity.ts";
import type { Point } from "./register-layout.ts";
import { largestCount } from "./register-numbers.ts";
import { registerText, type PointMap, type RegisterCommand } from "./register-table.ts";

export type PresetCommand = Extract<RegisterCommand, { readonly preset: unknown }>;

export function isPreset(command: RegisterCommand): command is PresetCommand {
  return typeof command === "object" && "preset" in command;
}

/** A reading and the count that two scratch registers hold for it; registers as printed. */
export interface Preset {
  readonly from: number;
  readonly register: number;
  readonly name: Quantity;
  readonly point: Point;
  readonly count: number;
}

/** `pointAt` and `scratchAt` take addresses of the wire. */
export function presetsOf(
  { preset }: PresetCommand,
  base: number,
  pointAt: (address: number) => Point | undefined,
  scratchAt: (address: number) => number,
): readonly Preset[] {
  return preset.flatMap(([from, register]): Preset[] => {
    const point = pointAt(register - base);
    const name = point?.row[6];
    if (point === undefined || typeof name !== "string") return [];
    const count = scratchAt(from - base) * 65_536 + scratchAt(from + 1 - base);
    return [{ from, register, name, point, count }];
  });
}

/** Why the first of the counts is refused that its reading's register could not show; undefined when all are well. */
export function unfit(presets: readonly Preset[], map: Pick<PointMap, "numbers">): string | undefined {
  for (const { from, register, point, count } of presets) {
    const most = largestCount(point.row[3] === "SLong" ? "SLong" : "ULong");
    const [source, target] = [from, register].map((one) => registerText(map, one));
    if (count > most) return `${source}: expected at most ${most}, the largest that ${target} shows; found ${count}`;
  }
  return undefined;
}
