/** What a point shows at one instant, and its octets. */
import { pointFlags, type CounterImage, type PointImage } from "./host.ts";
import type { StaticKind, Variation } from "./kinds.ts";

export interface Shown {
  flags: number;
  /** As 32-bit variations have it; NaN of what is not known. */
  value32: number;
  value16: number;
  /** As floating point has it. */
  value: number;
  /** UTC, milliseconds. */
  utc: number;
}

export function blank(): Shown {
  return { flags: 0, value32: 0, value16: 0, value: 0, utc: 0 };
}

export function pointsOf(image: PointImage, kind: StaticKind): number {
  switch (kind) {
    case "binary":
      return image.binaries.length;
    case "output":
      return image.outputs.length;
    case "counter":
      return image.counters.flags.length;
    case "frozen":
      return image.frozen.flags.length;
    case "analog":
      return image.analogs.flags.length;
  }
}

export function showCounter(image: CounterImage, index: number, out: Shown): void {
  out.flags = image.flags[index] ?? 0;
  out.value32 = image.values32[index] ?? 0;
  out.value16 = image.values16[index] ?? 0;
  out.value = out.value32;
}

/** The point as the image has it; its time is left as it is. */
export function show(image: PointImage, kind: StaticKind, index: number, out: Shown): void {
  switch (kind) {
    case "binary":
      out.flags = image.binaries[index] ?? 0;
      return;
    case "output":
      out.flags = image.outputs[index] ?? 0;
      return;
    case "counter":
      showCounter(image.counters, index, out);
      return;
    case "frozen":
      showCounter(image.frozen, index, out);
      return;
    case "analog":
      out.flags = image.analogs.flags[index] ?? 0;
      out.value32 = image.analogs.values32[index] ?? NaN;
      out.value16 = image.analogs.values16[index] ?? NaN;
      out.value = image.analogs.values[index] ?? NaN;
  }
}

function sourceOf({ value }: Variation, shown: Shown): number {
  if (value === "i16" || value === "u16") return shown.value16;
  return value === "f32" || value === "f64" ? shown.value : shown.value32;
}

/** Flags as this variation has them: beyond what it can say is over-range, and what is not known is not on line. */
export function flagsIn(variation: Variation, shown: Shown): number {
  const { value } = variation;
  if (value === undefined) return shown.flags;
  const at = sourceOf(variation, shown);
  if (Number.isNaN(at)) return shown.flags & ~pointFlags.online;
  const { least, most } = variation;
  return at > most || at < least ? shown.flags | pointFlags.overRange : shown.flags;
}

/** Whether the point says nothing but its value: on line, and no other flag but the state of a binary. */
export function isPlain(variation: Variation, shown: Shown): boolean {
  const flags = flagsIn(variation, shown);
  return (variation.packed ? flags & ~pointFlags.state : flags) === pointFlags.online;
}

function valueIn(variation: Variation, shown: Shown): number {
  const at = sourceOf(variation, shown);
  if (Number.isNaN(at)) return 0;
  const { least, most } = variation;
  return at > most ? most : at < least ? least : at;
}

/** Writes the object of a variation that is not packed; `commonTime` is what a relative time is after. Where it ends. */
export function writeShown(
  view: DataView,
  at: number,
  variation: Variation,
  shown: Shown,
  commonTime: number = 0,
): number {
  let end = at;
  if (variation.hasFlags) view.setUint8(end++, flagsIn(variation, shown));
  if (variation.value !== undefined) {
    const value = valueIn(variation, shown);
    switch (variation.value) {
      case "u16":
      case "i16":
        view.setUint16(end, value, true);
        end += 2;
        break;
      case "f32":
        view.setFloat32(end, value, true);
        end += 4;
        break;
      case "f64":
        view.setFloat64(end, value, true);
        end += 8;
        break;
      default:
        view.setUint32(end, value, true);
        end += 4;
    }
  }
  if (variation.hasTime) end = writeTime(view, end, shown.utc);
  if (variation.relative) {
    view.setUint16(end, shown.utc - commonTime, true);
    end += 2;
  }
  return end;
}

/** Milliseconds since 1970 in six octets. Where they end. */
export function writeTime(view: DataView, at: number, utc: number): number {
  const whole = Math.max(0, Math.floor(utc));
  view.setUint32(at, whole % 2 ** 32, true);
  view.setUint16(at + 4, Math.floor(whole / 2 ** 32), true);
  return at + 6;
}
