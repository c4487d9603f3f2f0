/** A face's point map made ready: which registers lie where in the image that a meter answers from. Meters of a model share it. */
import type { Meter } from "#quantity/interfaces.ts";
import { isCountedWhole } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { clockSetting } from "./clock-words.ts";
import type { Encoding } from "./register-numbers.ts";
import {
  rowsWithFill,
  units,
  wordsOf,
  type Block,
  type Is,
  type ModbusFace,
  type Row,
  type ScaleRule,
} from "./register-table.ts";

type Table = "holding" | "input" | undefined;

/** A row made ready: where its words lie in the image, and what one count of it is worth. */
export interface Point {
  readonly row: Row<string>;
  /** Byte offset in the image of all segments. */
  readonly at: number;
  readonly words: number;
  readonly factor: number;
  readonly scale: ScaleRule | undefined;
  readonly encoding: Encoding;
  /** The wirings on which it holds a value; undefined for all. */
  readonly only: readonly WiringName[] | undefined;
  /** The setting without which it holds none; undefined where it always does. */
  readonly when: Setting | undefined;
}

/** Whether it holds a value on a meter as it is connected and set. */
export function isFilled({ only, when }: Point, meter: Pick<Meter, "wiringName" | "setting">): boolean {
  return only?.includes(meter.wiringName) !== false && (when === undefined || meter.setting(when) !== 0);
}

/** The setting that a write to it changes. */
export function settingOf(point: Point | undefined): Setting | undefined {
  const is = point?.row[6];
  if (typeof is !== "object") return undefined;
  if ("set" in is) return clockSetting(is.clock, 0)[0];
  return "setting" in is ? is.setting : undefined;
}

/** A run of registers without holes. */
export interface Segment {
  /** The table that it lies in; undefined where there is one. */
  readonly table: Table;
  readonly first: number;
  readonly count: number;
  readonly points: readonly Point[];
  /** Where its image lies in the one of all segments; nothing lies there for a window. */
  readonly at: number;
  readonly bytes: number;
  /** Whether any of its registers is a value: what a product says of itself is there before it has measured anything. */
  readonly measured: boolean;
  /** What fills it word by word, where it is not imaged. */
  readonly window: "log" | "commands" | undefined;
  /** Its place in the list of segments. */
  readonly index: number;
}

/** A face's map as meters with the same options and firmware have it: they share it. */
export interface Layout {
  readonly segments: readonly Segment[];
  /** By wire address, of what can be written: not of input registers. */
  readonly points: ReadonlyMap<number, Point>;
  /** Whether there are input registers of their own. */
  readonly inputs: boolean;
  /** Whether a register shows at which address it is asked. */
  readonly showsUnit: boolean;
  /** Bytes of all images. */
  readonly bytes: number;
}

const layouts = new WeakMap<ModbusFace, Map<string, Layout>>();

/** The layout of a face for these options and this firmware; made once. */
export function layoutOf(face: ModbusFace, options: ReadonlySet<string>, firmware: number): Layout {
  const blocks = face.map.blocks.filter(
    ({ option, since = 0 }) => (option === undefined || options.has(option)) && firmware >= since,
  );
  const key = blocks.map(({ title }) => title).join("\n");
  const known = layouts.get(face) ?? new Map<string, Layout>();
  layouts.set(face, known);
  const layout = known.get(key) ?? newLayout(face, blocks);
  known.set(key, layout);
  return layout;
}

/** Whether a register shows what is connected to the meter. */
function isMeasured(is: Is<string>): boolean {
  return typeof is === "string" || "rest" in is || "signed" in is || "code" in is;
}

function newLayout({ map }: ModbusFace, blocks: readonly Block<string>[]): Layout {
  const tableOf = ({ table }: Block<string>): string => table ?? "";
  const rows = blocks
    .flatMap((block) => rowsWithFill(block, blocks).map((row) => ({ row, block })))
    .sort((a, b) => tableOf(a.block).localeCompare(tableOf(b.block)) || a.row[0] - b.row[0]);
  const runs: { row: Row<string>; block: Block<string> }[][] = [];
  let end = -1;
  for (const entry of rows) {
    const [reg, , , format, , , is] = entry.row;
    // A window is its own segment: it is not imaged.
    const window = typeof is === "object" && "window" in is;
    if (reg !== end || window || runs.at(-1)?.[0]?.block.table !== entry.block.table) runs.push([]);
    runs.at(-1)?.push(entry);
    end = window ? -1 : reg + wordsOf(format, is);
  }
  const byAddress = new Map<number, Point>();
  const segments: Segment[] = [];
  let bytes = 0;
  for (const run of runs) {
    const start = run[0]?.row[0] ?? 0;
    const table = run[0]?.block.table;
    const points = run.map(({ row, block: { absent = "quiet", only, when } }): Point => {
      const [reg, , , format, unit, scale, is] = row;
      const rule = typeof scale === "string" && scale !== "" ? map.scales[scale] : undefined;
      // A setting is what the register says; only quantities are converted from the printed unit.
      const plain = typeof is === "object" && "setting" in is;
      const factor = (plain ? 1 : units[unit]) * (typeof scale === "number" ? scale : 10 ** (rule?.plus ?? 0));
      const scaled = rule?.exponent === undefined ? undefined : rule;
      const words = wordsOf(format, is);
      const counts = typeof is === "object" && "rest" in is ? is.rest : is;
      const accumulates = typeof counts === "string" && isCountedWhole(counts);
      const encoding = { format, words, accumulates, plain: scale === "", absent };
      const point = { row, at: bytes + 2 * (reg - start), words, factor, scale: scaled, encoding, only, when };
      if (table === "input") return point;
      for (let k = 0; k < point.words; k++) byAddress.set(reg - map.base + k, point);
      return point;
    });
    const last = points.at(-1);
    const count = last === undefined ? 0 : (last.at - bytes) / 2 + last.words;
    const is = run[0]?.row[6];
    const window = typeof is === "object" && "window" in is ? is.window : undefined;
    const size = window === undefined ? 2 * count : 0;
    const index = segments.length;
    const measured = window !== undefined || points.some(({ row: [, , , , , , what] }) => isMeasured(what));
    segments.push({ table, first: start - map.base, count, points, at: bytes, bytes: size, measured, window, index });
    bytes += size;
  }
  const showsUnit = rows.some(
    ({ row: [, , , , , , is] }) => typeof is === "object" && "identity" in is && is.identity === "unit",
  );
  return { segments, points: byAddress, bytes, inputs: segments.some(({ table }) => table === "input"), showsUnit };
}
