/** Draws lanes of channels, states and marks onto a canvas: in pixels of the screen, each column with all that is in it. */
import { axisNumbers, axisRange, fixed } from "./numbers.ts";
import { drawTrace, type Trace } from "./wave-trace.ts";
import { countBelow } from "./viewer/axis.ts";
import { extremesIn, planOf, type Plan, type View } from "./viewer/columns.ts";
import type { Detail, StatusChannel, WaveContent, WaveGroup } from "./viewer/content.ts";
import { styleOf, type Lane } from "./viewer/lanes.ts";
import { decimalsOf, stepOf } from "./viewer/zoom.ts";

/** CSS pixels: what stands beside and between lanes. */
export const LEFT = 66;
export const RIGHT = 12;
const TOP = 8;
const LANE = 150;
const GAP = 22;
const AXIS = 26;
const STATUS = 18;
/** Pixels between labels. */
const TICK_X = 88;
const TICK_Y = 34;

export interface Scene {
  readonly content: WaveContent;
  readonly lanes: readonly Lane[];
  readonly detail: Detail | undefined;
  readonly view: View;
  /** Whether a lane is as high as what is seen of it; otherwise as all there is. */
  readonly fits: boolean;
  readonly laneTitle: (lane: Lane) => string;
  /** A time as its label, where labels are so far apart. */
  readonly timeLabel: (seconds: number, step: number) => string;
}

export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly ratio: number;
  /** A colour by the name of its style. */
  readonly ink: (style: string) => string;
}

export function heightOf(lanes: number, statuses: number): number {
  return TOP + lanes * (LANE + GAP) + (statuses > 0 ? statuses * STATUS + GAP : 0) + AXIS;
}

/** The pixels that a stretch of time has. */
export function plotWidth(width: number): number {
  return Math.max(40, width - LEFT - RIGHT);
}

export function xOf({ from, to }: View, width: number, seconds: number): number {
  return LEFT + (plotWidth(width) * (seconds - from)) / (to - from);
}

export function secondsAt({ from, to }: View, width: number, x: number): number {
  return from + ((to - from) * (x - LEFT)) / plotWidth(width);
}

/** Draws all of it; says how many numbers were looked at. */
export function drawScene(scene: Scene, sheet: Sheet): number {
  const { context, width, ratio, ink } = sheet;
  const { content, lanes, view } = scene;
  const height = heightOf(lanes.length, content.statuses.length);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";
  drawTimes(scene, sheet, height);
  const plans = new Map<WaveGroup, Plan>();
  const planFor = (group: WaveGroup): Plan => {
    const known = plans.get(group) ?? planOf(group.times, view, Math.round(plotWidth(width) * ratio));
    plans.set(group, known);
    return known;
  };
  let [top, touched] = [TOP, 0];
  for (const [n, lane] of lanes.entries()) {
    touched += drawLane(scene, sheet, { lane, top: top + GAP, planFor });
    top += LANE + GAP;
    // States are of the samples, and stand below them.
    const isLast = lane.kind === "samples" && lanes[n + 1]?.kind !== "samples";
    if (isLast) top = drawStatuses(scene, sheet, top, planFor);
  }
  if (!lanes.some(({ kind }) => kind === "samples")) drawStatuses(scene, sheet, top, planFor);
  drawMarks(scene, sheet, height);
  context.fillStyle = ink("quiet");
  return touched;
}

function drawTimes({ view, timeLabel }: Scene, { context, width, ink }: Sheet, height: number): void {
  const step = stepOf(view.to - view.from, plotWidth(width) / TICK_X);
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (let k = Math.ceil(view.from / step); k * step <= view.to; k++) {
    const x = xOf(view, width, k * step);
    context.fillStyle = ink("rule");
    context.fillRect(Math.round(x), TOP, 1, height - AXIS - TOP);
    context.fillStyle = ink("quiet");
    const label = timeLabel(k * step, step);
    const half = context.measureText(label).width / 2;
    context.fillText(label, Math.min(width - half, Math.max(half, x)), height - 8);
  }
}

interface LanePlace {
  readonly lane: Lane;
  readonly top: number;
  readonly planFor: (group: WaveGroup) => Plan;
}

/** The least and the most of what a lane shows. */
function rangeOf({ content, fits }: Scene, { lane, planFor }: LanePlace): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const { group, channel } of lane.channels) {
    const of = content.groups[group];
    const pyramid = of?.channels[channel]?.pyramid;
    if (of === undefined || pyramid === undefined) continue;
    const plan = fits ? planFor(of) : { width: 1, rows: Float64Array.of(0, pyramid.count), joined: new Uint8Array(1) };
    const one = extremesIn(pyramid, plan);
    least = Math.min(least, one.least);
    most = Math.max(most, one.most);
  }
  return least <= most ? axisRange(least, most, false) : [0, 1];
}

function drawLane(scene: Scene, sheet: Sheet, place: LanePlace): number {
  const { context, width, ratio, ink } = sheet;
  const { content, detail, laneTitle } = scene;
  const { lane, top, planFor } = place;
  const [low, high] = rangeOf(scene, place);
  const yOf = (value: number): number => top + (LANE * (high - value)) / (high - low);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = ink("ink");
  context.font = "600 12px system-ui, sans-serif";
  context.fillText(laneTitle(lane), LEFT, top - 6);
  context.font = "12px system-ui, sans-serif";
  const step = stepOf(high - low, LANE / TICK_Y);
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(k * step);
  const { numbers, prefix } = axisNumbers(ticks, lane.unit);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [k, tick] of ticks.entries()) {
    context.fillStyle = ink("rule");
    context.fillRect(LEFT, Math.round(yOf(tick)), plotWidth(width), 1);
    context.fillStyle = ink("quiet");
    context.fillText(`${numbers[k] ?? ""} ${prefix}${lane.unit}`.trimEnd(), LEFT - 6, yOf(tick));
  }
  context.save();
  context.beginPath();
  context.rect(LEFT, top - 1, plotWidth(width), LANE + 2);
  context.clip();
  context.setTransform(1, 0, 0, 1, 0, 0);
  let touched = 0;
  for (const key of lane.channels) {
    const group = content.groups[key.group];
    const channel = group?.channels[key.channel];
    if (group === undefined || channel === undefined) continue;
    context.fillStyle = context.strokeStyle = ink(styleOf(channel.phase, key.channel));
    const y = (value: number): number => ratio * yOf(value);
    const trace: Trace = { group, key, plan: planFor(group), left: Math.round(LEFT * ratio), y, ratio };
    touched += drawTrace(context, trace, group.kind === "samples" ? detail : undefined, scene.view);
  }
  context.restore();
  return touched;
}

/** Channels that are on or off: a bar while they are on. */
function drawStatuses(
  { content: { statuses, groups } }: Scene,
  { context, width, ratio, ink }: Sheet,
  top: number,
  planFor: LanePlace["planFor"],
): number {
  const group = groups.find(({ kind }) => kind === "samples");
  if (statuses.length === 0 || group === undefined) return top;
  const plan = planFor(group);
  const pixel = plotWidth(width) / plan.width;
  let y = top + GAP / 2;
  for (const status of statuses) {
    const bars = barsOf(status, plan, group.times.count);
    context.fillStyle = ink("rule");
    context.fillRect(LEFT, y + STATUS / 2, plotWidth(width), 1);
    context.fillStyle = ink("active");
    for (const [from, to] of bars)
      context.fillRect(LEFT + from * pixel, y + 3, Math.max(1 / ratio, (to - from) * pixel), STATUS - 6);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillStyle = ink("quiet");
    context.fillText(fitted(context, status.name), LEFT - 6, y + STATUS / 2);
    y += STATUS;
  }
  return y + GAP / 2;
}

function fitted(context: CanvasRenderingContext2D, name: string): string {
  let text = name;
  while (text.length > 1 && context.measureText(text).width > LEFT - 10) text = `${text.slice(0, -2)}…`;
  return text;
}

/** Columns in which a state is on at any time: [from, to). */
function barsOf({ changes }: StatusChannel, { rows, width }: Plan, count: number): (readonly [number, number])[] {
  const bars: (readonly [number, number])[] = [];
  let begun = -1;
  for (let x = 0; x < width; x++) {
    const [first, end] = [rows[x] ?? 0, rows[x + 1] ?? 0];
    const before = countBelow(changes, first, true);
    const isOn = first < end && (before % 2 === 1 || countBelow(changes, end) > before);
    const isSame = first === end && first < count && begun >= 0;
    if (isOn && begun < 0) begun = x;
    if (isOn || isSame || begun < 0) continue;
    bars.push([begun, x]);
    begun = -1;
  }
  return begun < 0 ? bars : [...bars, [begun, width]];
}

function drawMarks({ content: { marks }, view }: Scene, { context, width, ink }: Sheet, height: number): void {
  context.fillStyle = ink("warn");
  for (const { at, kind } of marks) {
    const x = xOf(view, width, at);
    if (x < LEFT - 1 || x > width - RIGHT + 1) continue;
    context.fillRect(x - 0.5, TOP, 1, kind === "trigger" ? height - AXIS - TOP : 10);
    context.beginPath();
    context.moveTo(x - 4, TOP);
    context.lineTo(x + 4, TOP);
    context.lineTo(x, TOP + 6);
    context.fill();
  }
}

/** Cursors, what is being chosen, and the line under the pointer. */
export interface Overlay {
  readonly cursors: readonly (number | undefined)[];
  readonly chosen: readonly [number, number] | undefined;
}

export function drawOverlay({ cursors, chosen }: Overlay, view: View, sheet: Sheet, height: number): void {
  const { context, width, ratio, ink } = sheet;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (chosen !== undefined) {
    const [a, b] = [Math.min(...chosen), Math.max(...chosen)];
    context.globalAlpha = 0.15;
    context.fillStyle = ink("c");
    context.fillRect(a, TOP, b - a, height - AXIS - TOP);
    context.globalAlpha = 1;
  }
  context.font = "600 12px system-ui, sans-serif";
  for (const [k, at] of cursors.entries()) {
    if (at === undefined) continue;
    const x = xOf(view, width, at);
    if (x < LEFT - 1 || x > width - RIGHT + 1) continue;
    context.fillStyle = ink("ink");
    for (let y = TOP; y < height - AXIS; y += k === 0 ? 1000 : 7)
      context.fillRect(Math.round(x), y, 1, k === 0 ? height - AXIS - TOP : 4);
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.fillText("AB"[k] ?? "", x + 8, TOP + 10);
  }
}

/** "0.125" of seconds, with as many decimals as tell labels apart. */
export function secondsText(seconds: number, step: number): string {
  return fixed(seconds, decimalsOf(step));
}
