/** The tables of Appendix D of the JEMStar II's manual: ours are what it prints, but for what is named here with its reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dataRows, intervalValues } from "#product/jemstar/dlms/data-table.ts";
import { profileCode, profileRows } from "#product/jemstar/dlms/profile-codes.ts";
import { registerRows } from "#product/jemstar/dlms/register-table.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { unitOf } from "#quantity/unit.ts";

/** Rows as they are printed; the first line names the columns. */
function printed(name: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`ametek-jemstar-ii-dlms-${name}.tsv`, import.meta.url), "utf8");
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => line.split("\t"));
}

/** Row, column from 0, printed, meant, why. */
type Erratum = readonly [row: string, column: number, printed: string, meant: string, why: string];

/** The printed rows as they are meant; every erratum is of a cell that is printed so. */
function corrected(rows: readonly (readonly string[])[], key: (row: readonly string[]) => string, errata: readonly Erratum[]) {
  const used = new Set<Erratum>();
  const meant = rows.map((row) =>
    row.map((cell, column) => {
      const erratum = errata.find(([of, at, was]) => of === key(row) && at === column && was === cell);
      if (erratum !== undefined) used.add(erratum);
      return erratum?.[3] ?? cell;
    }),
  );
  assert.deepEqual(
    errata.filter((one) => !used.has(one)),
    [],
    "errata of what is not printed",
  );
  return meant;
}

test("Data Objects Available for DLMS", () => {
  const errata: readonly Erratum[] = [
    ["CPLD firmware version", 2, "", "RO", "the line ends before it, as all others are read only"],
    ["CPLD firmware version", 3, "", "Visible string", "the line ends before it, as all other versions are"],
  ];
  const ours = dataRows.map(([description, code, access, type]) => [description, code, access, type]);
  assert.deepEqual(ours, corrected(printed("data"), ([description = ""]) => description, errata));
});

test("Register Measurements Available for DLMS", () => {
  const ours = registerRows.map(([description, code, access, type, unit]) => [description, code, access, type, unit]);
  assert.deepEqual(ours, printed("registers"));
  assert.equal(new Set(registerRows.map(([, code]) => code)).size, registerRows.length, "no code stands twice");
});

const units = { W: "W", VAR: "var", VA: "VA", V: "V", A: "A", "": "", HZ: "Hz", Deg: "°", Wh: "Wh" } as const;

test("what a register measures has the unit that is printed beside it", () => {
  for (const [description, , , , unit, name] of registerRows) {
    const measure = parseMeasure(name);
    assert.ok(measure !== undefined, name);
    assert.equal(unitOf(measure), units[unit], description);
  }
});

/** Codes that the text has lost, in the places where it prints none. */
const LOST = 24;

test("Table 2: Load Profile Measurements Available for DLMS", () => {
  const slipped = "a line of the text has slipped: its B is 47 and its C 67, as everywhere else in the table";
  const errata: readonly Erratum[] = [
    ["Vars(avg) Q3 C", 3, "1.0.47.27.0.255", "1.0.67.27.0.255", slipped],
    ["Vars(avg) Q3 B", 3, "", "1.0.47.27.0.255", slipped],
    ["PF Arithmetic(Avg) BiDir D", 2, "BiDir D", "BiDir Poly", "the code is that of all phases"],
  ];
  const meant = corrected(printed("profile"), ([, quantity, phase]) => `${quantity} ${phase}`, errata);
  // Eight channels are announced; two lines of each are not printed.
  const isAdded = (description: string): boolean => /^Channel [78]$/.test(description);
  const ours = profileRows.filter(([, , direction]) => !isAdded(direction));
  assert.equal(profileRows.length - ours.length, 4);
  assert.equal(ours.length, meant.length);
  let lost = 0;
  for (const [k, [type, quantity, direction, code, , inferred]] of ours.entries()) {
    const [, , , text] = meant[k] ?? [];
    assert.deepEqual([type, quantity, direction], meant[k]?.slice(0, 3));
    const isLost = text === "";
    // The Q3 row whose code has slipped was printed without one, too.
    if (isLost || `${quantity} ${direction}` === "Vars(avg) Q3 B") lost++;
    if (isLost) assert.equal(inferred, "inferred", `${quantity} ${direction}`);
    else assert.equal(code, text, `${quantity} ${direction}`);
  }
  assert.equal(lost, LOST);
});

/** What value group C is in the rows of the energies that are printed whole: powers have the same, but D. */
test("codes that are inferred are those of the energies, of averages instead", () => {
  const codeOf = new Map(profileRows.map(([, quantity, direction, code]) => [`${quantity} ${direction}`, code]));
  const energy = (direction: string): string | undefined => codeOf.get(`VAR hours ${direction.replace("BiDir", "Net")}`);
  for (const [, quantity, direction, code, , inferred] of profileRows) {
    if (inferred === undefined || quantity === "Channel 1->8") continue;
    const [, b, c] = code.split(".");
    if (quantity === "Watts(Avg)") assert.equal(codeOf.get(`Watt hours ${direction}`), `1.${b}.${c}.29.0.255`);
    // Bidirectional vars of B and C are printed with the codes of net varhours.
    else assert.equal(energy(direction), `1.${b}.${c}.29.0.255`, direction);
  }
});

test("four codes stand twice, and every measure once", () => {
  const times = Map.groupBy(profileRows, ([, , , code]) => code);
  const twice = [...times].filter(([, rows]) => rows.length > 1).map(([code]) => code);
  assert.deepEqual(twice, ["1.0.137.29.0.255", "1.0.139.29.0.255", "1.0.143.29.0.255", "1.0.143.27.0.255"]);
  for (const [, , direction, code, name] of profileRows) {
    const measure = parseMeasure(name);
    assert.ok(measure !== undefined, `${direction}: ${name}`);
    assert.equal(profileCode(measure), code);
  }
});

test("recording intervals are counted from 0 in the order in which they can be chosen", () => {
  const chosen = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, "day", "week", "month"];
  assert.deepEqual([...intervalValues.keys()], chosen);
  assert.deepEqual(
    [...intervalValues.values()],
    chosen.map((_, k) => k),
  );
  // "15 minutes 8", in the example.
  assert.equal(intervalValues.get(15), 8);
});
