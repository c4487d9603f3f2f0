/** Words and boxes of a colour screen, and its measures. */
import type { ComponentChildren } from "preact";
import type { Choice } from "#panel/picture.ts";
import { fitted, SIZE, wrapped } from "./text-fit.ts";

/** A screen is as large, whatever it shows: buttons below it stay where they are. */
export const [WIDTH, HEIGHT] = [280, 300] as const;
export const EDGE = 8;
export const INNER = WIDTH - 2 * EDGE;
/** From one line of a text to the next, and between things beside each other. */
export const [LINE, GAP] = [15, 4] as const;

/** Something drawn from its upper left corner, and how high it is. */
export interface Laid {
  readonly height: number;
  readonly drawing: ComponentChildren;
}

interface WordsProps {
  readonly x?: number;
  readonly y: number;
  readonly room: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly looks?: string;
  readonly size?: number;
  readonly children: string;
}

/** One line of text within its room. */
export function Words({ x = 0, y, room, anchor = "start", looks = "", size = SIZE, children }: WordsProps) {
  const { text, into } = fitted(children, room, size);
  return (
    <text
      x={x}
      y={y}
      text-anchor={anchor}
      class={looks}
      style={size === SIZE ? undefined : { fontSize: `${size}px` }}
      {...(into === undefined ? {} : { textLength: into, lengthAdjust: "spacingAndGlyphs" })}
    >
      {text}
    </text>
  );
}

/** Lines below each other, the first within `LINE` of the top. */
export function Paragraph({ lines, ...looks }: { readonly lines: readonly string[] } & Omit<WordsProps, "children">) {
  return (
    <>
      {lines.map((line, k) => (
        <Words key={k} {...looks} y={looks.y + LINE * k}>
          {line}
        </Words>
      ))}
    </>
  );
}

/** How high a box with so many lines is. */
export function boxHeight(lines: number): number {
  return LINE * lines + 5;
}

interface BoxProps {
  readonly item: Choice;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What is typed into, while the perimeter is around a key. */
  readonly isEdited?: boolean;
}

/** A thing that can be selected: only what is has the red perimeter. */
export function Box({ item: { text, selected, grey }, x, y, width, height, isEdited = false }: BoxProps) {
  const lines = wrapped(text, width - 6);
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx={2} class={selected ? "box perimeter" : isEdited ? "box edited" : "box"} />
      <Paragraph
        lines={lines}
        x={width / 2}
        y={height / 2 + 4.5 - (LINE * (lines.length - 1)) / 2}
        room={width - 6}
        anchor="middle"
        looks={grey === true ? "tone grey" : ""}
      />
    </g>
  );
}
