/** What stands on a colour screen between its header and its foot: each part as high as what it says needs. */
import type { Choice, Field, Part, ShownRegister, Vector } from "#panel/picture.ts";
import { matrix, table } from "./screen-tables.tsx";
import { Box, boxHeight, EDGE, GAP, INNER, LINE, Paragraph, WIDTH, Words, type Laid } from "./screen-words.tsx";
import { widthOf, wrapped } from "./text-fit.ts";

type Of<Name extends Part["part"]> = Extract<Part, { readonly part: Name }>;

/** How high a register is, how large its value, and how much room its unit has. */
const [REGISTER, VALUE, UNIT] = [46, 26, 54] as const;

export function registers(all: readonly ShownRegister[], x = EDGE, width = INNER): Laid {
  const room = width - UNIT - 30;
  const drawing = all.map(({ number, label, text, unit }, k) => (
    <g key={number} transform={`translate(${x} ${REGISTER * k})`}>
      <Words y={12} room={width} looks="quiet">
        {label}
      </Words>
      <Words y={36} room={26} looks="quiet">
        {number}
      </Words>
      <Words
        x={width - UNIT}
        y={37}
        room={room}
        anchor="end"
        looks="register"
        size={Math.max(14, Math.min(VALUE, (VALUE * room) / Math.max(1, widthOf(text, VALUE))))}
      >
        {text}
      </Words>
      <Words x={width - UNIT + 6} y={36} room={UNIT - 6}>
        {unit}
      </Words>
    </g>
  ));
  return { height: REGISTER * all.length, drawing };
}

/** The circle of a phasor, and the longest vectors of each kind. */
const [RADIUS, VOLTS, AMPS] = [66, 58, 42] as const;

function Arrow({ of: { name, of, length }, angle }: { readonly of: Vector; readonly angle: number }) {
  const reach = (of === "volts" ? VOLTS : AMPS) * length;
  const turn = (angle * Math.PI) / 180;
  const [x, y] = [Math.cos(turn), -Math.sin(turn)];
  const phase = /[abc]$/i.exec(name)?.[0].toLowerCase() ?? "";
  // Names stand beside their line, volts on one side and amps on the other, so that what lies on each other is told apart.
  const aside = of === "volts" ? 7 : -7;
  return (
    <g class={`vector ${phase} ${of}`}>
      <line x2={reach * x} y2={reach * y} />
      <Words x={(reach + 6) * x - aside * y} y={(reach + 6) * y + aside * x + 4} room={24} anchor="middle">
        {name}
      </Words>
    </g>
  );
}

function phasor({ vectors }: Of<"phasor">): Laid {
  const height = 2 * RADIUS + 10 + LINE * Math.ceil(vectors.length / 2);
  const half = Math.ceil(vectors.length / 2);
  const room = INNER / 2 - 6;
  const drawing = (
    <>
      <g transform={`translate(${WIDTH / 2} ${RADIUS + 1})`}>
        <circle r={RADIUS} class="grid" />
        <line x1={-RADIUS} x2={RADIUS} class="grid" />
        <line y1={-RADIUS} y2={RADIUS} class="grid" />
        {vectors.map((one) =>
          // What has no known direction is no arrow: its number stands beside.
          one.magnitude === undefined || one.angle === undefined ? null : (
            <Arrow key={one.name} of={one} angle={one.angle} />
          ),
        )}
      </g>
      {vectors.map(({ name, magnitude, angle }, k) => (
        <g
          key={name}
          transform={`translate(${EDGE + (INNER / 2) * Math.floor(k / half)} ${2 * RADIUS + 18 + LINE * (k % half)})`}
        >
          <Words y={0} room={24} looks="quiet">
            {name}
          </Words>
          <Words x={72} y={0} room={48} anchor="end">
            {magnitude ?? "----"}
          </Words>
          <Words x={room} y={0} room={room - 76} anchor="end">
            {angle === undefined ? "" : `${angle.toFixed(1)}°`}
          </Words>
        </g>
      ))}
    </>
  );
  return { height, drawing };
}

function menu({ columns, items }: Of<"menu">): Laid {
  const width = items.length === 1 ? INNER / 2 : (INNER + GAP) / Math.max(1, columns) - GAP;
  const height = boxHeight(Math.max(1, ...items.map(({ text }) => wrapped(text, width - 6).length)));
  const drawing = items.map((item, k) => (
    <Box
      key={item.text}
      item={item}
      x={EDGE + (width + GAP) * (k % columns)}
      y={(height + GAP) * Math.floor(k / columns)}
      width={width}
      height={height}
    />
  ));
  return { height: (height + GAP) * Math.ceil(items.length / Math.max(1, columns)) - GAP, drawing };
}

/** From one field to the next, the widest box of a value, and the room of the marks that say that Up and Down turn it. */
const [FIELD, WIDEST, TURNS] = [21, 150, 14] as const;

/** A field with what is typed so far: the place where the next character comes is seen. */
function typed({ text, edits, selected }: Field): string {
  if (edits === undefined || selected) return text;
  const all = [...text];
  return `${all.slice(0, edits).join("")}_${all.slice(edits).join("")}`;
}

/** How many fields have room. */
export function fieldsIn(room: number): number {
  return Math.max(3, Math.floor(room / FIELD));
}

/** So many fields, among them what is selected or edited; small arrows say that there are more. */
function form({ fields }: Of<"form">, most: number): Laid {
  const at = fields.findIndex(({ selected, edits }) => selected || edits !== undefined);
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), fields.length - most));
  const shown = fields.slice(from, from + most);
  const side = fields.length > most ? INNER - 12 : INNER;
  const value = Math.max(80, Math.min(WIDEST, ...shown.map((one) => widthOf(typed(one)) + 2 * TURNS)));
  const label = Math.max(...shown.map((one) => widthOf(one.label)));
  const width = Math.min(WIDEST, Math.max(value, Math.min(side / 2, side - label - GAP)));
  const drawing = (
    <g transform={`translate(${EDGE} 0)`}>
      {shown.map((field, k) => (
        <g key={field.label} transform={`translate(0 ${FIELD * k})`}>
          <Words y={14} room={side - width - 2 * GAP}>
            {field.label}
          </Words>
          <Box
            item={{ ...field, text: typed(field) }}
            isEdited={field.edits !== undefined}
            x={side - width}
            y={0}
            width={width}
            height={FIELD - 2}
          />
          {field.edits !== undefined && field.selected ? (
            <path d="M0 7 L4 2 L8 7 Z M0 12 L4 17 L8 12 Z" class="more" transform={`translate(${side - 12} 0)`} />
          ) : null}
        </g>
      ))}
      {from > 0 ? <path d="M0 8 L5 2 L10 8 Z" class="more" transform={`translate(${INNER - 10} 0)`} /> : null}
      {from + most < fields.length ? (
        <path d="M0 2 L5 8 L10 2 Z" class="more" transform={`translate(${INNER - 10} ${FIELD * most - 12})`} />
      ) : null}
    </g>
  );
  return { height: FIELD * shown.length, drawing };
}

/** How high a key is, how wide a keypad, and how many keys one has beside each other at most. */
const [KEY, KEYPAD, FEW] = [22, 128, 4] as const;

export function isKeypad(part: Part): part is Of<"keys"> {
  return part.part === "keys" && Math.max(...part.rows.map((row) => row.length)) <= FEW;
}

/** Keys as wide as their words, and the rest in equal shares; those of a keypad stand below each other. */
function keyWidths(rows: readonly (readonly Choice[])[], row: readonly Choice[], isPad: boolean): readonly number[] {
  const natural = (keys: readonly Choice[]): readonly number[] => keys.map(({ text }) => widthOf(text) + 6);
  if (!isPad) return shared(natural(row), INNER);
  const most = rows.reduce<readonly number[]>((before, keys) => {
    const widths = natural(keys);
    return Array.from({ length: Math.max(before.length, keys.length) }, (_, k) =>
      Math.max(before[k] ?? 0, widths[k] ?? 0),
    );
  }, []);
  return shared(most, KEYPAD);
}

function shared(widths: readonly number[], room: number): readonly number[] {
  const free = room - 2 * (widths.length - 1);
  const sum = widths.reduce((a, b) => a + b, 0);
  const [most = 0] = [Math.max(0, ...widths)];
  // Where all may be as wide as the widest, they are.
  if (most * widths.length <= free) return widths.map(() => free / widths.length);
  return sum > free ? widths.map((one) => (one * free) / sum) : widths.map((one) => one + (free - sum) / widths.length);
}

function keys({ rows }: Of<"keys">, isPad: boolean): Laid {
  const drawing = rows.map((row, r) => {
    const widths = keyWidths(rows, row, isPad);
    return row.map((item, k) => (
      <Box
        key={`${r} ${k}`}
        item={item}
        x={EDGE + widths.slice(0, k).reduce((a, b) => a + b + 2, 0)}
        y={KEY * r}
        width={widths[k] ?? 0}
        height={KEY - 2}
      />
    ));
  });
  return { height: KEY * rows.length, drawing };
}

/** A keypad with a register beside it, as test mode has them. */
export function padBeside(pad: Of<"keys">, beside: Of<"registers">): Laid {
  const [left, right] = [
    keys(pad, true),
    registers(beside.registers, EDGE + KEYPAD + 2 * GAP, INNER - KEYPAD - 2 * GAP),
  ];
  const drawing = (
    <>
      {left.drawing}
      {right.drawing}
    </>
  );
  return { height: Math.max(left.height, right.height), drawing };
}

function lines({ lines: all }: Of<"lines">): Laid {
  const broken = all.flatMap(({ text, tone }) => wrapped(text, INNER).map((line) => ({ line, tone })));
  const drawing = broken.map(({ line, tone }, k) => (
    <Words key={k} x={EDGE} y={12 + LINE * k} room={INNER} looks={`tone ${tone}`}>
      {line}
    </Words>
  ));
  return { height: LINE * broken.length, drawing };
}

function indicators({ items }: Of<"indicators">): Laid {
  const side = Math.min(INNER * 0.55, Math.max(...items.map(({ title }) => widthOf(title))) + 2);
  const width = INNER - side - GAP;
  let height = 0;
  const drawing = items.map(({ title, text, tone }) => {
    const top = height;
    const said = wrapped(text, width - 8);
    height += boxHeight(said.length) + 2;
    return (
      <g key={title} transform={`translate(${EDGE} ${top})`}>
        <Words y={14} room={side - GAP}>
          {title}
        </Words>
        <rect x={side + GAP} width={width} height={boxHeight(said.length)} class={`cell ${tone}`} />
        <Paragraph lines={said} x={side + GAP + width / 2} y={14} room={width - 8} anchor="middle" />
      </g>
    );
  });
  return { height, drawing };
}

/** A part; of a form so many fields at most. */
export function laidOut(part: Part, fields: number): Laid {
  switch (part.part) {
    case "registers":
      return registers(part.registers);
    case "phasor":
      return phasor(part);
    case "matrix":
      return matrix(part);
    case "table":
      return table(part);
    case "menu":
      return menu(part);
    case "form":
      return form(part, fields);
    case "keys":
      return keys(part, isKeypad(part));
    case "lines":
      return lines(part);
    case "indicators":
      return indicators(part);
  }
}
