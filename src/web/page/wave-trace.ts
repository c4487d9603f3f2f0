/** Draws one channel, in pixels of the screen: columns of all that is in them, or samples with lines between. */
import { eachRow, isJoined } from "./viewer/axis.ts";
import { columnsOf, isDense, type Plan, type View } from "./viewer/columns.ts";
import type { Detail, WaveGroup } from "./viewer/content.ts";
import type { ChannelKey } from "./viewer/lanes.ts";
import type { Pyramid } from "./viewer/pyramid.ts";
import { heldOf } from "./viewer/values-at.ts";

/** Pixels between samples from which on each is a dot. */
const DOTS = 7;

export interface Trace {
  readonly group: WaveGroup;
  readonly key: ChannelKey;
  readonly plan: Plan;
  /** Pixels of the screen, as all here. */
  readonly left: number;
  readonly y: (value: number) => number;
  readonly ratio: number;
}

/** Draws one channel; says how many numbers were looked at. */
export function drawTrace(
  context: CanvasRenderingContext2D,
  trace: Trace,
  detail: Detail | undefined,
  view: View,
): number {
  const { group, key, plan } = trace;
  const pyramid = group.channels[key.channel]?.pyramid;
  if (pyramid === undefined) return 0;
  const [first, end] = [plan.rows[0] ?? 0, plan.rows[plan.width] ?? 0];
  const covers = detail !== undefined && detail.from <= first && detail.from + detail.count >= end;
  const held = heldOf(pyramid, covers ? detail : undefined, key.channel);
  if (held === undefined) return drawColumns(context, trace, pyramid, plan);
  if (!isDense(plan)) return drawSamples(context, trace, held, view);
  if (pyramid.samples !== undefined) return drawColumns(context, trace, pyramid, plan);
  // The part of a long recording that is there, looked at sample by sample.
  const part = { count: held.samples.length, samples: held.samples, base: 1, levels: [] };
  return drawColumns(context, trace, part, { ...plan, rows: plan.rows.map((row) => row - held.from) });
}

/** A column is as high as what is in it, and reaches what is in the one before, unless something lies between. */
function drawColumns(context: CanvasRenderingContext2D, { left, y, ratio }: Trace, of: Pyramid, plan: Plan): number {
  const { least, most, touched } = columnsOf(of, plan);
  const thick = Math.max(1, Math.round(1.25 * ratio));
  let [before, under] = [NaN, NaN];
  // Columns that are alike are one rectangle.
  let [begun, top, bottom] = [0, NaN, NaN];
  const put = (end: number): void => {
    if (!Number.isNaN(top)) context.rect(left + begun, top, end - begun + thick - 1, bottom - top);
  };
  context.beginPath();
  for (let x = 0; x < plan.width; x++) {
    const [low, high] = [least[x] ?? NaN, most[x] ?? NaN];
    let [from, to] = [NaN, NaN];
    if (!Number.isNaN(low)) {
      const joins = plan.joined[x] === 1 && !Number.isNaN(before);
      from = Math.round(y(joins ? Math.max(high, under) : high) - thick / 2);
      to = Math.max(from + thick, Math.round(y(joins ? Math.min(low, before) : low) + thick / 2));
      [before, under] = [high, low];
    } else if (plan.rows[x] !== plan.rows[x + 1]) before = under = NaN;
    if (Object.is(from, top) && Object.is(to, bottom)) continue;
    put(x);
    [begun, top, bottom] = [x, from, to];
  }
  put(plan.width);
  // Phases lie on one another: none hides the others.
  context.globalAlpha = 0.8;
  context.fill();
  context.globalAlpha = 1;
  return touched;
}

/** Few samples: each where it is, with lines between those that follow one another. */
function drawSamples(
  context: CanvasRenderingContext2D,
  { group: { times }, plan, left, y, ratio }: Trace,
  { from, samples }: { readonly from: number; readonly samples: Float32Array },
  view: View,
): number {
  const scale = plan.width / (view.to - view.from);
  // One beyond either end, so that lines go on to it.
  const first = Math.max(0, (plan.rows[0] ?? 0) - 1);
  const end = Math.min(times.count, (plan.rows[plan.width] ?? 0) + 1);
  const hasDots = ((end - first) * DOTS * ratio) / plan.width < 1;
  const dots: number[] = [];
  let isOn = false;
  context.lineWidth = 1.5 * ratio;
  context.lineJoin = "round";
  context.beginPath();
  eachRow(times, first, end, (row, seconds, joins) => {
    const value = samples[row - from] ?? NaN;
    if (Number.isNaN(value)) {
      isOn = false;
      return;
    }
    const [px, py] = [left + (seconds - view.from) * scale, y(value)];
    if (isOn && joins) context.lineTo(px, py);
    else {
      context.moveTo(px, py);
      // One that stands alone is seen, too.
      if (Number.isNaN(samples[row + 1 - from] ?? NaN) || !isJoined(times, row + 1)) dots.push(px, py);
    }
    if (hasDots) dots.push(px, py);
    isOn = true;
  });
  context.stroke();
  const size = 2 * ratio;
  for (let k = 0; k < dots.length; k += 2)
    context.fillRect((dots[k] ?? 0) - size, (dots[k + 1] ?? 0) - size, 2 * size, 2 * size);
  return end - first;
}
