/**
 * The PowerLogic meters against the rows of their register lists that could be read: what each register is by its printed name, its
 * scale and its document. Every row of the tables names a document; one that no list has is from memory, and says so.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { powerlogicCm2000 } from "#model/powerlogic-cm2000.ts";
import { powerlogicCm3000 } from "#model/powerlogic-cm3000.ts";
import { powerlogicCm4000 } from "#model/powerlogic-cm4000.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import type { MeterModel } from "#model/model.ts";
import { rowsWithFill, wordsOf, type Row } from "#protocol/modbus/register-table.ts";

const names = ["register", "name", "scale", "units", "document"] as const;
type Printed = Readonly<Record<(typeof names)[number], string>>;

function printed(file: string): Printed[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8").trimEnd().split("\n").slice(1);
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(names.map((name, k) => [name, cells[k] ?? ""])) as Printed;
  });
}

const pairsOf: Readonly<Record<string, string>> = { "A to B": "ab", "B to C": "bc", "C to A": "ca", "A-B": "ab", "B-C": "bc", "C-A": "ca" };

/** The phase, pair or mean that a printed name is of; the total where it names none. */
function placeOf(name: string, ofVolts: boolean): string {
  // "A-N/A-B": to neutral, or line to line where there is none.
  const pair = /[ABC]-N/.test(name) ? undefined : /A to B|B to C|C to A|A-B|B-C|C-A/.exec(name)?.[0];
  if (pair !== undefined) return `.${pairsOf[pair]}`;
  if (/L-L/.test(name)) return ".ll";
  if (/L-N/.test(name)) return ".ln";
  const phase = /(?:Ph\.|[Pp]hase|thd|Voltage) ([ABC])\b|, ([ABC])-N/.exec(name);
  if (phase !== null) return `.${(phase[1] ?? phase[2] ?? "").toLowerCase()}`;
  if (/neutral/i.test(name) && !ofVolts) return ".n";
  return "";
}

/** What a printed name means, in the words of the vocabulary; undefined where it is no reading. */
function meaning(name: string): string | undefined {
  const reduction = name.startsWith("Minimum ") ? ".min" : name.startsWith("Maximum ") ? ".max" : "";
  const of = name.replace(/^(Minimum|Maximum) /, "").replace("Volt.", "Voltage");
  const atPeak = /^Average Power Factor @ Peak (Real|Reactive|Apparent)/.exec(of)?.[1];
  if (atPeak !== undefined) return `${{ Real: "W", Reactive: "var", Apparent: "VA" }[atPeak]}.peak.PF`;
  const demand = /^(Present|Peak|3P|Predicted) (Real|Reactive|Apparent) Power Demand/.exec(of);
  if (demand !== null) {
    const unit = { Real: "W", Reactive: "var", Apparent: "VA" }[demand[2] ?? ""];
    if (demand[1] === "Predicted") return `${unit}.demand.predicted`;
    return demand[1] === "Peak" ? `${unit}.import.demand.max` : `${unit}.demand`;
  }
  const kinds: readonly (readonly [RegExp, string, string?])[] = [
    [/^Frequency/, "Hz"],
    [/^Current K-Factor/, "K.A"],
    [/^Crest Factor, Current/, "crest.A"],
    [/^Crest Factor, Voltage/, "crest.V"],
    [/^(Current|Voltage), Sequence, Unbalance/, ""],
    [/^Voltage Fundamental RMS Magnitude/, "V", ".fundamental"],
    [/^Voltage Fundamental Coincident Angle/, "deg.V"],
    [/^THD\/thd.*Current/, "THD.A"],
    [/^THD\/thd.*Voltage/, "THD.V"],
    [/^Current,? [Uu]nbalance/, "unbalance.A"],
    [/^Voltage,? [Uu]nbalance/, "unbalance.V"],
    [/Sequence, (Magnitude|Angle)/, ""],
    [/^Current/, "A"],
    [/^Voltage/, "V"],
    [/Displacement Power Factor/, "DPF", ".leadlag"],
    [/Power Factor|^Total PF/, "PF", ".leadlag"],
    [/^Real [Pp]ower/, "W"],
    [/^Reactive [Pp]ower/, "var"],
    [/^Apparent [Pp]ower/, "VA"],
  ];
  const found = kinds.find(([pattern]) => pattern.test(of));
  if (found === undefined || /[Gg]round|N-[RG]|Ratio/.test(of)) return undefined;
  const sequence = /^(Current|Voltage), (Positive|Negative|Zero)/.exec(of);
  if (sequence !== null) {
    const angle = of.endsWith("Angle") ? ".angle" : "";
    return `${sequence[1] === "Current" ? "A" : "V"}.${(sequence[2] ?? "").toLowerCase()}${angle}`;
  }
  if (of.includes("Sequence, Unbalance")) return `unbalance.${of.startsWith("Current") ? "A" : "V"}.sequence`;
  return `${found[1]}${placeOf(of, of.startsWith("Voltage"))}${found[2] ?? ""}${reduction}`;
}

/** How the tables write a printed scale. */
function scaleOf(scale: string, name: string): string | number {
  if (scale === "Float") return /Power Factor/.test(name) ? -1 : "";
  if (/10ths|^0\.10?[%°]?$/.test(scale)) return 0.1;
  if (scale === "0.01") return 0.01;
  // The frequency's scale factor F is 0: hundredths.
  if (/Frequency/.test(name) && scale !== "") return 0.01;
  return /1000ths/.test(scale) ? "" : scale;
}

function formatOf(scale: string, name: string): string {
  if (scale === "Float") return "Float";
  return /1000ths/.test(scale) ? "PF" : /Angle/.test(name) ? "Angle" : "SInt";
}

/** What the lists have, and the pages that could be read do not print; or what other pages say. */
const elsewhere: readonly (readonly [from: number, to: number, why: string])[] = [
  [1000, 1000, "update interval, in 1000ths of a second: no reading"],
  [1057, 1057, "the page ends with the distortion of B's voltage"],
  [1412, 1459, "the pages end with the largest current unbalance of B"],
  [1160, 1162, "the table of contents has true power factor from 1160 on, as 1163 is its total"],
  [4000, 4128, "Tables B-3 and B-4"],
  [7001, 7021, "Tables B-3 and B-4"],
  [8000, 8000, "Appendix C"],
];

const tables: readonly (readonly [MeterModel, string])[] = [
  [powerlogicCm2000, "powerlogic-cm2000.tsv"],
  [powerlogicCm3000, "powerlogic-cm4000.tsv"],
  [powerlogicCm4000, "powerlogic-cm4000.tsv"],
  [powerlogicPm800, "powerlogic-pm800.tsv"],
];

for (const [model, file] of tables) {
  const { blocks } = model.modbus.map;
  const all = new Map(blocks.flatMap((block) => rowsWithFill(block, blocks)).map((row) => [row[0], row]));

  test(`${model.name}: each register of the lists is what its printed name says, in the printed scale`, () => {
    let readings = 0;
    for (const { register, name, scale, document } of printed(file)) {
      const row: Row<string> | undefined = all.get(Number(register));
      assert.ok(row !== undefined, `${register}, ${name}, is missing`);
      const [, , , format, , ours, is, source] = row;
      const means = meaning(name);
      if (means === undefined) {
        if (/Date\/Time|DateTime/.test(scale) || /DateTime/.test(name)) {
          assert.ok(typeof is === "object" && ("moment" in is || "clock" in is), `${register}, ${name}`);
        }
        if (/[Gg]round|N-[RG]/.test(name) && !/Scale/.test(name))
          assert.deepEqual(is, { reserved: scale === "Float" ? 0x7fc00000 : 0x8000 }, name);
        else assert.equal(source, document, `${register}, ${name}`);
        continue;
      }
      readings++;
      assert.equal(is, means, `${register}, ${name}`);
      assert.equal(ours, scaleOf(scale, name), `${register}, ${name}`);
      assert.equal(format, formatOf(scale, name), `${register}, ${name}`);
      assert.equal(source, document, `${register}, ${name}`);
    }
    assert.ok(readings >= 7, `${readings} readings`);
  });

  test(`${model.name}: every row names its document, and what is in none of the lists that could be read is from memory`, () => {
    const known = new Map(printed(file).map(({ register, document }) => [Number(register), document]));
    const documents = new Set(known.values());
    for (const [reg, , , , , , , source = ""] of blocks.flatMap((block) => block.rows)) {
      assert.notEqual(source, "", `${reg} names no document`);
      if (!documents.has(source) || elsewhere.some(([from, to]) => reg >= from && reg <= to)) continue;
      // A date and time takes three registers, and is printed at the first.
      const at = [0, 1, 2].map((k) => known.get(reg - k)).find((one) => one !== undefined);
      assert.equal(at, source, `${reg} is said to stand in ${source}`);
    }
  });

  test(`${model.name}: registers do not overlap, and rise in each block`, () => {
    const spans = blocks.flatMap((block) => rowsWithFill(block, blocks)).map((row) => [row[0], row[0] + wordsOf(row[3], row[6])] as const);
    spans.sort((a, b) => a[0] - b[0]).forEach(([from], k) => assert.ok(k === 0 || from >= (spans[k - 1]?.[1] ?? 0), `${from} overlaps`));
    for (const { rows, title } of blocks) {
      rows.forEach(([reg], k) => assert.ok(k === 0 || reg > (rows[k - 1]?.[0] ?? 0), `${title}: ${reg} is out of order`));
    }
  });
}
