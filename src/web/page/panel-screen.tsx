/** The colour screen of a panel, drawn: its header, its parts from top to bottom, its foot. */
import type { ComponentChildren } from "preact";
import type { Part, Screen } from "#panel/picture.ts";
import { fieldsIn, isKeypad, laidOut, padBeside } from "./screen-parts.tsx";
import { EDGE, GAP, HEIGHT, INNER, LINE, WIDTH, Words, type Laid } from "./screen-words.tsx";
import { widthOf } from "./text-fit.ts";

const FOOT = 28;

/** Title, clock, then what stands in the header besides; a line that there is none of takes no room. */
function header({ title, clock, rate, marks }: Screen): Laid {
  const right = [
    ...(rate === undefined ? [] : [{ text: rate, tone: "plain" as const }]),
    ...marks.map(({ text, tone }) => ({ text, tone })),
  ];
  const words = [title, clock].filter((text) => text !== "");
  const rows = words.length + (right.length > 0 ? 1 : 0);
  const height = LINE * Math.max(1, rows) + 5;
  const space = 10;
  const all = right.reduce((sum, { text }) => sum + widthOf(text), 0);
  const pressed = Math.min(1, (INNER - space * (right.length - 1)) / Math.max(1, all));
  let x = EDGE;
  const drawing = (
    <g>
      <rect width={WIDTH} height={height} class="bar" />
      {words.map((text, k) => (
        <Words key={k} x={EDGE} y={14 + LINE * k} room={INNER} looks={k === 0 ? "" : "quiet"}>
          {text}
        </Words>
      ))}
      {right.map(({ text, tone }) => {
        const [at, room] = [x, pressed * widthOf(text)];
        x += room + space;
        return (
          <Words key={text} x={at} y={14 + LINE * words.length} room={room} looks={`tone ${tone}`}>
            {text}
          </Words>
        );
      })}
    </g>
  );
  return { height, drawing };
}

function Perimeter({ x, width, selected, children }: PerimeterProps) {
  return (
    <g transform={`translate(${x} 4)`}>
      {selected ? <rect width={width} height={20} class="perimeter" /> : null}
      {children}
    </g>
  );
}

interface PerimeterProps {
  readonly x: number;
  readonly width: number;
  readonly selected: boolean;
  readonly children: ComponentChildren;
}

/** A padlock in a box of 20 by 20: "the Lock symbol will open up showing that the meter is unlocked". */
const shackle = {
  shut: "M6.5 10 V6.5 A3.5 3.5 0 0 1 13.5 6.5 V10",
  open: "M6.5 10 V6 A3.5 3.5 0 0 1 13.2 4.6",
} as const;

function Lock({ isOpen, x }: { readonly isOpen: boolean; readonly x: number }) {
  return (
    <g class={isOpen ? "lock open" : "lock"} transform={`translate(${x} 0)`}>
      <path d={isOpen ? shackle.open : shackle.shut} />
      <rect x={4} y={9.5} width={12} height={8} rx={1.5} />
    </g>
  );
}

/** How wide the bar of an interval is at most, and between two of them. */
const [BAR, BETWEEN] = [50, 10] as const;

/** Label and bar beside each other; where there is no room for the manual's words, "LP 1". */
function Intervals({ intervals }: Pick<Screen, "intervals">) {
  const slot = (INNER + BETWEEN) / Math.max(1, intervals.length) - BETWEEN;
  const brief = intervals.map(({ label }) => label.replace(/^Load Profile (\d+) Interval$/, "LP $1"));
  const hasRoom = intervals.every(({ label }) => widthOf(label) + GAP + BAR <= slot);
  const labels = hasRoom ? intervals.map(({ label }) => label) : brief;
  const widest = Math.min(slot * 0.7, Math.max(0, ...labels.map((label) => widthOf(label))));
  const bar = Math.min(BAR, slot - widest - GAP);
  return (
    <>
      {intervals.map(({ label, done }, k) => (
        <g key={label} transform={`translate(${EDGE + (slot + BETWEEN) * k} 8)`}>
          <Words y={10} room={widest}>
            {labels[k] ?? label}
          </Words>
          <rect x={widest + GAP} y={1} width={bar} height={9} class="trough" />
          <rect x={widest + GAP} y={1} width={bar * Math.min(1, Math.max(0, done))} height={9} class="done" />
        </g>
      ))}
    </>
  );
}

function Foot({ screen: { foot, intervals } }: { readonly screen: Screen }) {
  return (
    <g transform={`translate(0 ${HEIGHT - FOOT})`}>
      <rect width={WIDTH} height={FOOT} class="bar" />
      {foot === undefined ? (
        <Intervals intervals={intervals} />
      ) : (
        <>
          <Perimeter x={EDGE} width={64} selected={foot.back.selected}>
            <path d="M12 5 L6 10 L12 15" class="back" />
            <Words x={17} y={14.5} room={44}>
              {foot.back.text}
            </Words>
          </Perimeter>
          <Words x={WIDTH / 2} y={18.5} room={INNER - 148} anchor="middle">
            {foot.user}
          </Words>
          {foot.lock === undefined ? null : (
            <Perimeter x={WIDTH - EDGE - 40} width={40} selected={foot.lock.selected}>
              <Lock isOpen={foot.lock.open} x={10} />
            </Perimeter>
          )}
        </>
      )}
    </g>
  );
}

/** Parts below each other. A form that is too long for its room shows those fields of it that somebody is at. */
function body(parts: readonly Part[], room: number): readonly Laid[] {
  const lay = (fields: number): readonly Laid[] => {
    const all: Laid[] = [];
    for (let k = 0; k < parts.length; k++) {
      const [part, next] = [parts[k], parts[k + 1]];
      if (part === undefined) continue;
      if (isKeypad(part) && next?.part === "registers") {
        all.push(padBeside(part, next));
        k++;
      } else all.push(laidOut(part, fields));
    }
    return all;
  };
  const whole = lay(Infinity);
  const form = whole[parts.findIndex(({ part }) => part === "form")];
  const [most, others] = [room * LONGER, heightOf(whole) - (form?.height ?? 0)];
  return form === undefined || heightOf(whole) <= most ? whole : lay(fieldsIn(most - others));
}

/** What is laid out smaller may be so much longer than its room, before a form leaves fields out. */
const LONGER = 1.1;
/** Between two parts. */
const APART = 6;

function heightOf(all: readonly Laid[]): number {
  return all.reduce((sum, { height }) => sum + height + APART, 0);
}

/** The glass is as large, whatever is seen: what has no room on it is drawn smaller. */
export function ColourScreen({ picture }: { readonly picture: Screen }) {
  const head = header(picture);
  const room = HEIGHT - FOOT - head.height - APART;
  const all = body(picture.parts, room);
  const scale = Math.min(1, room / Math.max(1, heightOf(all)));
  let y = 0;
  return (
    <Glass>
      {head.drawing}
      <g transform={`translate(${(WIDTH * (1 - scale)) / 2} ${head.height + APART}) scale(${scale})`}>
        {all.map(({ height, drawing }, k) => {
          const top = y;
          y += height + APART;
          return (
            <g key={k} transform={`translate(0 ${top})`}>
              {drawing}
            </g>
          );
        })}
      </g>
      <Foot screen={picture} />
    </Glass>
  );
}

function Glass({ children }: { readonly children?: ComponentChildren }) {
  return (
    <svg class="colour" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <rect width={WIDTH} height={HEIGHT} rx={4} class="glass" />
      {children}
    </svg>
  );
}

/** Without power: the glass alone. */
export function DarkScreen() {
  return <Glass />;
}
