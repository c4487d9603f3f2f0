/** A measured value: number and unit apart, figures of one width, and the side that it is on where a meter has both. */
import type { Side } from "#quantity/measure.ts";
import { say } from "./language.ts";
import { NOTHING, fixed, written, type Value as Number } from "./numbers.ts";
import { sides } from "./texts/readings.ts";

interface Props {
  readonly value: Number;
  readonly unit: string;
  /** Where it is not to be shown with five digits and its unit. */
  readonly decimals?: number | undefined;
}

export function Value({ value, unit, decimals }: Props) {
  const { number, unit: shown } =
    decimals === undefined ? written(value, unit) : { number: fixed(value, decimals), unit: "" };
  return (
    <span class={number === NOTHING ? "value none" : "value"}>
      {number}
      {shown === "" ? null : <span class="unit"> {shown}</span>}
    </span>
  );
}

/** "primary" or "secondary", where there is anything to tell apart. */
export function SideOf({ side }: { readonly side: Side | undefined }) {
  return side === undefined ? null : <span class={`side ${side}`}>{say(sides[side])}</span>;
}
