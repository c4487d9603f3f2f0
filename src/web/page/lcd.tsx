/** A display of segments, as a panel shows it: digits drawn as shapes, icons in their places. */
import type { Lcd as LcdPicture, LcdRow } from "#panel/picture.ts";
import { pointsOf } from "./segment-shapes.ts";
import { cellsOf, everySegment, type Cell } from "./segments.ts";

const [CELL, ROW, EDGE, ICONS] = [22, 42, 14, 22] as const;
/** Digits of a row at least, so that the glass stays as wide. */
const LEAST = 8;

function Digit({ cell, segments, x, flashes }: DigitProps) {
  return (
    <g transform={`translate(${x} 0) skewX(-6)`} class={flashes ? "flashes" : undefined}>
      {[...everySegment[segments]].map((one) => (
        <polygon key={one} points={pointsOf(one, segments)} class={cell.on.includes(one) ? "on" : "off"} />
      ))}
      <circle cx={20.5} cy={32} r={1.7} class={cell.point ? "on" : "off"} />
    </g>
  );
}

interface DigitProps {
  readonly cell: Cell;
  readonly segments: 7 | 14;
  readonly x: number;
  readonly flashes: boolean;
}

const none: Cell = { on: "", point: false, at: -1 };

/** To the right, as numbers stand. */
function Row({
  row: { text, segments, flashes },
  width,
  y,
}: {
  readonly row: LcdRow;
  readonly width: number;
  readonly y: number;
}) {
  const lit = cellsOf(text, segments);
  const cells = [...Array.from({ length: Math.max(0, width - lit.length) }, () => none), ...lit];
  return (
    <g transform={`translate(${EDGE} ${y})`}>
      {cells.map((cell, k) => (
        <Digit
          // A place is a place, whatever stands there.
          key={k}
          cell={cell}
          segments={segments}
          x={CELL * k + 4}
          flashes={flashes !== undefined && cell.at === flashes}
        />
      ))}
    </g>
  );
}

/** Shapes of the icons that the manual's figure has; others are said in words. */
const shapes: Readonly<Record<string, string>> = {
  heart: "M8 14 L1.5 7.5 A3.6 3.6 0 0 1 8 3.6 A3.6 3.6 0 0 1 14.5 7.5 Z",
  wrench: "M2 13 L8.4 6.6 A4 4 0 0 1 13.6 1.8 L11.2 4.2 L12.4 6 L14.8 5 A4 4 0 0 1 9.8 8.2 L3.6 14.6 Z",
  // "↑ Import, ↓ Export" (Leviton Series 4000 and 4100, Display Screen Diagram).
  import: "M8 2 V12 M8 2 L4 6.5 M8 2 L12 6.5",
  export: "M8 14 V4 M8 14 L4 9.5 M8 14 L12 9.5",
};

export function Lcd({ picture: { rows, icons } }: { readonly picture: LcdPicture }) {
  const width = Math.max(LEAST, ...rows.map(({ text, segments }) => cellsOf(text, segments).length));
  const foot = icons.length === 0 ? 0 : ICONS;
  const size = [2 * EDGE + CELL * width + 4, EDGE + ROW * rows.length + foot] as const;
  return (
    <svg class="lcd" viewBox={`0 0 ${size[0]} ${size[1]}`} aria-hidden="true">
      <rect width={size[0]} height={size[1]} rx={6} class="glass" />
      {rows.map((row, k) => (
        <Row key={k} row={row} width={width} y={EDGE / 2 + ROW * k} />
      ))}
      {icons.map(({ name, on }, k) => (
        <g key={name} class={on ? "icon on" : "icon off"} transform={`translate(${EDGE + 40 * k} ${size[1] - ICONS})`}>
          {shapes[name] === undefined ? <text y={13}>{name}</text> : <path d={shapes[name]} />}
        </g>
      ))}
    </svg>
  );
}
