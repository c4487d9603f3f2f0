/** Harmonics as bars, an order beside the other and in each a bar for each phase, with the levels that they are to stay below. */
import { say } from "./language.ts";
import { fixed, NOTHING } from "./numbers.ts";
import { phaseOf, scaleOf, shortName, type Bars } from "./quality.ts";
import { isBeyond } from "./spectrum-limits.ts";
import { qualityTexts as texts } from "./texts/quality.ts";

/** Of the drawing, which is stretched to its place: an order's width, its bars' part of it, its height. */
const ORDER = 12;
const FILLED = 0.8;
const HEIGHT = 200;

/** Orders that the axis names: the first of the usual pairs, one in six. */
const isNamed = (order: number): boolean => order % 6 === 5;

interface Props {
  /** What it is of, for who does not see it. */
  readonly label: string;
  readonly channels: readonly Parameters<typeof shortName>[0][];
  readonly bars: readonly Bars[];
}

export function HarmonicBars({ label, channels, bars }: Props) {
  const top = scaleOf(bars);
  const heightOf = (percent: number): number => (HEIGHT * percent) / top;
  return (
    <figure class="bars">
      <div class="ticks" aria-hidden="true">
        {[top, top / 2, 0].map((percent) => (
          <span key={percent}>{Number(percent.toPrecision(2))} %</span>
        ))}
      </div>
      <svg
        id="harmonics"
        viewBox={`0 0 ${ORDER * bars.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {[0.5, HEIGHT / 2, HEIGHT - 0.5].map((y) => (
          <line key={y} x1={0} x2={ORDER * bars.length} y1={y} y2={y} class="grid" />
        ))}
        {bars.map((one, place) => (
          <Order key={one.order} {...{ place, channels, heightOf }} of={one} />
        ))}
      </svg>
      <div class="orders" aria-hidden="true">
        {bars.map(({ order }) => (
          <span key={order}>{isNamed(order) ? order : ""}</span>
        ))}
      </div>
    </figure>
  );
}

function percentText(percent: number | undefined): string {
  return percent === undefined ? NOTHING : `${fixed(percent, 2)} %`;
}

interface OrderProps {
  readonly place: number;
  readonly of: Bars;
  readonly channels: Props["channels"];
  readonly heightOf: (percent: number) => number;
}

function Order({ place, of: { order, percents, level }, channels, heightOf }: OrderProps) {
  const width = (ORDER * FILLED) / Math.max(1, channels.length);
  const left = ORDER * (place + (1 - FILLED) / 2);
  const said = channels.map((channel, k) => `${shortName(channel)} ${percentText(percents[k])}`);
  const isOver = level !== undefined && percents.some((one) => one !== undefined && isBeyond(one, level));
  return (
    <g>
      <title>
        {order}: {said.join(", ")}
        {level === undefined ? "" : `, ${say(texts.limitOf, { percent: percentText(level) })}`}
      </title>
      {percents.map((percent, k) => {
        const channel = channels[k];
        if (percent === undefined || channel === undefined) return null;
        const height = heightOf(percent);
        const shape = { x: left + k * width, y: HEIGHT - height, width, height };
        return <rect key={channel.name} {...shape} class={`harmonic ${phaseOf(channel.name)}`} />;
      })}
      {level === undefined ? null : (
        <line
          x1={left - 1}
          x2={left + FILLED * ORDER + 1}
          y1={HEIGHT - heightOf(level)}
          y2={HEIGHT - heightOf(level)}
          class={isOver ? "level mark" : "level"}
        />
      )}
    </g>
  );
}
