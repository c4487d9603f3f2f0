/** Tables of a colour screen, and the matrix of ports and protocols. */
import type { Part, Tone } from "#panel/picture.ts";
import { EDGE, INNER, LINE, Paragraph, Words, type Laid } from "./screen-words.tsx";
import { columnWidths, widthOf, wrapped } from "./text-fit.ts";

type Of<Name extends Part["part"]> = Extract<Part, { readonly part: Name }>;

/** Between two columns, and between two rows. */
const [BESIDE, BELOW] = [7, 5] as const;

/** Columns by what stands in them; a cell has as many lines as it needs. */
export function table({ columns, rows }: Of<"table">): Laid {
  const hasHead = columns.some((text) => text !== "");
  const all = hasHead ? [columns, ...rows] : rows;
  const widths = columnWidths(all, INNER - BESIDE * (columns.length - 1));
  let height = 0;
  const drawing = all.map((row, r) => {
    const top = height;
    const cells = row.map((text, k) => wrapped(text, widths[k] ?? 0));
    height += LINE * Math.max(1, ...cells.map(({ length }) => length)) + BELOW;
    return (
      <g key={r} transform={`translate(${EDGE} ${top})`}>
        {cells.map((lines, k) => (
          <Paragraph
            key={k}
            lines={lines}
            x={widths.slice(0, k).reduce((a, b) => a + b + BESIDE, 0)}
            y={12}
            room={widths[k] ?? 0}
            looks={hasHead && r === 0 ? "quiet" : ""}
          />
        ))}
        <line x2={INNER} y1={height - top - 2} y2={height - top - 2} class="grid" />
      </g>
    );
  });
  return { height, drawing };
}

/** What says a state to who tells no colours apart, in a box of 10 by 10. */
const marks: Readonly<Partial<Record<Tone, string>>> = {
  good: "M1 5.5 L4 8.5 L9 2",
  active: "M2 1.5 L8.5 5 L2 8.5 Z",
  warning: "M5 1 V6.2 M5 8.2 V9.2",
  bad: "M1.5 1.5 L8.5 8.5 M8.5 1.5 L1.5 8.5",
};

function State({ text, tone, x, width }: StateProps) {
  return (
    <g transform={`translate(${x} 0)`}>
      <rect width={width} height={LINE - 2} class={`cell ${tone}`} />
      {text === "" || marks[tone] === undefined ? null : (
        <path d={marks[tone]} class="mark" transform={`translate(${width / 2 - 5} 1.5)`} />
      )}
    </g>
  );
}

interface StateProps {
  readonly text: string;
  readonly tone: Tone;
  readonly x: number;
  readonly width: number;
}

/** Rows of protocols, columns of ports whose names stand upright, so that each is there whole; the legend says what the marks are. */
export function matrix({ columns, rows, legend }: Of<"matrix">): Laid {
  const side = Math.min(INNER / 3, Math.max(...rows.map(({ name }) => widthOf(name)))) + 4;
  const head = Math.min(80, Math.max(...columns.map(({ name }) => widthOf(name)))) + 6;
  const width = (INNER - side) / Math.max(1, columns.length);
  const slot = INNER / Math.max(1, legend.length);
  const drawing = (
    <g transform={`translate(${EDGE} 0)`}>
      {columns.map(({ name, there }, k) => (
        <g key={name} transform={`translate(${side + width * (k + 0.5) + 4} ${head - 4}) rotate(-90)`}>
          <Words y={0} room={head - 4} looks={there ? "" : "tone grey"}>
            {name}
          </Words>
        </g>
      ))}
      {rows.map(({ name, cells }, r) => (
        <g key={name} transform={`translate(0 ${head + LINE * r})`}>
          <Words y={11} room={side - 4}>
            {name}
          </Words>
          {cells.map((cell, k) => (
            <State key={k} {...cell} x={side + width * k} width={width - 2} />
          ))}
        </g>
      ))}
      {legend.map(({ text, tone }, k) => (
        <g key={text} transform={`translate(${slot * k} ${head + LINE * rows.length + 5})`}>
          <State text={text} tone={tone} x={0} width={16} />
          <Words x={20} y={11} room={slot - 24} looks={`tone ${tone}`}>
            {text}
          </Words>
        </g>
      ))}
    </g>
  );
  return { height: head + LINE * (rows.length + 1) + 5, drawing };
}
