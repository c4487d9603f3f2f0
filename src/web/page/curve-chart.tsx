/** Events over ITIC, SEMI F47 and a person's own curve: duration against voltage. A point opens its event; arrows go from one to the next. */
import { useRef } from "preact/hooks";
import { f47Line, floorLine, iticLowerLine, iticUpperLine, type CurvePoint } from "#analysis/limits/curve-lines.ts";
import { durationScale, linearScale, partOf } from "#analysis/svg/axis.ts";
import type { PlacedEvent } from "./event-choice.ts";
import { lastedText, pointText } from "./event-words.ts";
import { say } from "./language.ts";
import { hasPoint } from "./pq-events.ts";
import type { Step } from "./ride-through.ts";
import { eventTexts as texts } from "./texts/events.ts";

const WIDTH = 720;
const HEIGHT = 400;
const frame = { left: 50, right: 694, top: 12, bottom: 356 };
const LEAST = 1e-4;

interface Props {
  readonly events: readonly PlacedEvent[];
  readonly steps: readonly Step[];
  /** Absent of a drawing that nobody chooses in. */
  readonly chosen?: string | undefined;
  readonly choose?: (key: string) => void;
}

export function CurveChart({ events, steps, chosen, choose }: Props) {
  const points = events.filter(hasPoint).toSorted((a, b) => a.seconds - b.seconds || a.percent - b.percent);
  const longest = Math.max(100, ...points.map(({ seconds }) => 1.2 * seconds));
  const x = durationScale(LEAST, longest);
  const y = linearScale(0, Math.min(500, Math.max(200, ...points.map(({ percent }) => 1.1 * percent))), 8);
  const xOf = (seconds: number): number => frame.left + partOf(x, seconds) * (frame.right - frame.left);
  const yOf = (percent: number): number => frame.bottom - partOf(y, percent) * (frame.bottom - frame.top);
  const line = (corners: readonly CurvePoint[]): string =>
    corners.map(([seconds, percent]) => `${xOf(seconds).toFixed(1)},${yOf(percent).toFixed(1)}`).join(" ");
  const place = useRef<SVGSVGElement>(null);
  const focused = points.some(({ key }) => key === chosen) ? chosen : points[0]?.key;
  const move = (by: number, from: number): void => {
    const next = points[Math.min(Math.max(from + by, 0), points.length - 1)];
    if (next === undefined) return;
    choose?.(next.key);
    place.current?.querySelectorAll<SVGGElement>(".point")[points.indexOf(next)]?.focus();
  };
  const label = say(texts.curveOf, {
    count: points.length,
    itic: points.filter(({ places }) => places.itic?.passes === false).length,
    f47: points.filter(({ places }) => places.f47?.passes === false).length,
  });
  return (
    <svg
      ref={place}
      class="curves"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role={choose === undefined ? "img" : "group"}
      aria-label={label}
    >
      <g aria-hidden="true">
        {y.ticks.map(({ at, text }) => (
          <g key={text}>
            <line x1={frame.left} x2={frame.right} y1={yOf(at)} y2={yOf(at)} class="grid" />
            <text x={frame.left - 6} y={yOf(at) + 4} class="end">
              {text}
            </text>
          </g>
        ))}
        {x.ticks.map(({ at }) => (
          <g key={at}>
            <line x1={xOf(at)} x2={xOf(at)} y1={frame.top} y2={frame.bottom} class="grid" />
            <text x={xOf(at)} y={frame.bottom + 15} class="middle">
              {lastedText(at)}
            </text>
          </g>
        ))}
        <text x={frame.right - 6} y={frame.top + 16} class="end region">
          {say(texts.prohibited)}
        </text>
        <text x={frame.left + 8} y={yOf(88)} class="region">
          {say(texts.noInterruption)}
        </text>
        <text x={frame.right - 6} y={yOf(14)} class="end region">
          {say(texts.noDamage)}
        </text>
        <text x={(frame.left + frame.right) / 2} y={HEIGHT - 8} class="middle region">
          {say(texts.duration)}
        </text>
        <text class="middle region" transform={`translate(11 ${(frame.top + frame.bottom) / 2}) rotate(-90)`}>
          {say(texts.percentOfNominal)}
        </text>
        <polyline points={line(iticUpperLine(longest))} class="itic" />
        <polyline points={line(iticLowerLine(LEAST, longest))} class="itic" />
        <polyline points={line(f47Line())} class="f47" />
        {steps.length === 0 ? null : <polyline points={line(floorLine(steps, LEAST, longest))} class="own" />}
      </g>
      {points.map((event, k) => (
        <Point
          key={event.key}
          event={event}
          at={[
            Math.min(Math.max(xOf(event.seconds), frame.left), frame.right),
            Math.min(Math.max(yOf(event.percent), frame.top), frame.bottom),
          ]}
          isChosen={event.key === chosen}
          {...(choose === undefined
            ? {}
            : { take: () => choose(event.key), move: (by: number) => move(by, k), isFirst: event.key === focused })}
        />
      ))}
    </svg>
  );
}

interface PointProps {
  readonly event: PlacedEvent;
  readonly at: readonly [x: number, y: number];
  readonly isChosen: boolean;
  readonly take?: () => void;
  readonly move?: (by: number) => void;
  /** The one that the tabulator key comes to. */
  readonly isFirst?: boolean;
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function Point({ event, at: [x, y], isChosen, take, move, isFirst = false }: PointProps) {
  const { itic } = event.places;
  const region = itic === undefined || itic.passes ? "borne" : itic.region === "prohibited" ? "prohibited" : "harmless";
  const words = pointText(event);
  const shape =
    region === "borne" ? (
      <circle r={4.5} />
    ) : region === "prohibited" ? (
      <rect x={-4.5} y={-4.5} width={9} height={9} />
    ) : (
      <path d="M0 5L5.5 -4.5L-5.5 -4.5Z" />
    );
  const placed = { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `point ${region}` };
  if (take === undefined || move === undefined)
    return (
      <g {...placed}>
        <title>{words}</title>
        {shape}
      </g>
    );
  return (
    <g
      {...placed}
      data-key={event.key}
      role="button"
      tabindex={isFirst ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={words}
      onClick={take}
      onKeyDown={(pressed) => {
        const by = steps[pressed.key];
        if (pressed.key !== "Enter" && pressed.key !== " " && by === undefined) return;
        pressed.preventDefault();
        if (by === undefined) take();
        else move(by);
      }}
    >
      <title>{words}</title>
      <circle r={11} class="around" />
      {shape}
    </g>
  );
}
