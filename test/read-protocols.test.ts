/** Meters that are read over each protocol: what a site shows of them, everywhere, is what arithmetic says that they measure. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { run } from "./cli-run.ts";
import { scanned } from "./scanned.ts";
import { startSite, temporaryFolder, type RunningSite } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const [volts, amps, pf] = [
  [57_600, 57_900, 58_100],
  [620, 540, 580],
  [0.93, 0.91, 0.95],
] as const;
const synthetic = JSON.stringify({ hz: 50, volts, amps, pf, steps: true });
const phases = ["a", "b", "c"] as const;

const watts = phases.map((_, k) => volts[k]! * amps[k]! * pf[k]!);
const vars = phases.map((_, k) => volts[k]! * amps[k]! * Math.sqrt(1 - pf[k]! ** 2));
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

const expected: Readonly<Record<string, number>> = {
  Hz: 50,
  W: sum(watts),
  var: sum(vars),
  // Of the vector sum.
  PF: sum(watts) / Math.hypot(sum(watts), sum(vars)),
  ...Object.fromEntries(
    phases.flatMap((phase, k) => [
      [`V.${phase}`, volts[k]!],
      [`A.${phase}`, amps[k]!],
      [`W.${phase}`, watts[k]!],
      [`var.${phase}`, vars[k]!],
      [`PF.${phase}`, pf[k]!],
    ]),
  ),
};
const ofPhases = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => phases.map((phase) => `${name}.${phase}`));
const levels = [...ofPhases("V", "A"), "W", "var"];

const jemStar = (name: string, modelNumber: string, configuration: string, listen: string): string => `
  - name: ${name}
    model: ametek-jemstar-ii
    modelNumber: ${modelNumber}
    configuration: ${configuration}-meter.yaml
    auxiliary: true
    transformers: { pt: 1000, ct: 200 }
    source: { synthetic: ${synthetic} }
    listen: [${listen}]`;

const THERE = `
web: { port: 0 }
store: ":memory:"
meters:${jemStar("wrapper", "JSII-09I5010-1B/2A-DIOP-DLMS", "dlms", "{ dlms: tcp, port: 0 }")}
${jemStar("hdlc", "JSII-09I5010-1B/2A-DIOP-DLMS", "dlms", "{ dlms: hdlc-over-tcp, port: 0 }")}
${jemStar("ied", "JSII-09I5010-2A-DIO-NTP-IEC", "iec61850", "{ mms: tcp, port: 0 }")}
${jemStar("scada", "JSII-09I5010-1B/2A-DIOP", "scada", "{ dnp3: tcp, port: 0 }, { iec102: tcp, port: 0 }")}
`;

interface Read {
  /** Listener of the site that has the meter. */
  readonly listener: string;
  /** Its meter there. */
  readonly there: string;
  readonly url: (port: string) => string;
  readonly more?: string;
  /** What the protocol tells; as exactly as it tells it, in parts of the value. */
  readonly values: readonly string[];
  readonly within: number;
  /** Registers of energy, and what one count of them is at most. */
  readonly energy?: { readonly name: string; readonly wattHours: number };
  /** What is no measure, as its text says it. */
  readonly states: Readonly<Record<string, RegExp>>;
}

const read: Readonly<Record<string, Read>> = {
  wrapper: {
    listener: "dlms tcp",
    there: "wrapper",
    url: (port) => `dlms://127.0.0.1:${port}?client=16&server=1`,
    values: [...levels, "Hz.a", "PF", ...ofPhases("W", "var", "PF")],
    // Power factors have two decimals.
    within: 2e-3,
    energy: { name: "Wh.import", wattHours: 1 },
    states: { "0.0.96.11.1.255": /^SUBSTATION 14$/, "1.0.0.4.2.255": /^200$/ },
  },
  hdlc: {
    listener: "dlms hdlc-over-tcp",
    there: "hdlc",
    url: (port) => `dlms+hdlctcp://127.0.0.1:${port}?client=16&server=1&physical=1`,
    values: [...levels, "Hz.a", "PF", ...ofPhases("W", "var", "PF")],
    within: 2e-3,
    energy: { name: "Wh.import", wattHours: 1 },
    states: { "0.0.96.11.1.255": /^SUBSTATION 14$/ },
  },
  ied: {
    listener: "mms tcp",
    there: "ied",
    url: (port) => `mms://127.0.0.1:${port}/FEEDER9`,
    values: [...levels, "Hz", "PF", ...ofPhases("W", "var", "PF")],
    // Singles.
    within: 1e-6,
    energy: { name: "MMTR1.SupWh", wattHours: 1 },
    states: { "LPHD1.Proxy": /^false$/, "LTMS1.TmSrc": /^crystal$/ },
  },
  listed: {
    listener: "dnp3 tcp",
    there: "scada",
    url: (port) => `dnp3://127.0.0.1:${port}/1?master=100`,
    more: "configuration: scada-meter.yaml, modelNumber: JSII-09I5010-1B/2A-DIOP,",
    values: [...levels, "Hz"],
    // Milliwatts at the terminals are 200 W here.
    within: 1e-5,
    energy: { name: "Wh.import", wattHours: 1000 },
    states: { "input 7": /^off$/, voltsA: /^on$/ },
  },
  bare: {
    listener: "dnp3 tcp",
    there: "scada",
    url: (port) => `dnp3://127.0.0.1:${port}/1?master=100`,
    // Nobody says what its points are.
    values: [],
    within: 0,
    states: { "analog 2": /^57600$/, "analog 4": /^58100$/, "binary 2": /^on$/, "binary 0": /^off$/ },
  },
  station: {
    listener: "iec102 tcp",
    there: "scada",
    url: (port) => `iec102://127.0.0.1:${port}/1?point=1&auth=none`,
    values: [...levels, "PF", ...ofPhases("W", "var", "PF")],
    // Kilowatts, and thousandths of a power factor.
    within: 1e-3,
    energy: { name: "Wh.import", wattHours: 1000 },
    states: { model: /^JS$/, "period.2": /^15$/ },
  },
};

const modelOf = ({ more }: Read): string => (more === undefined ? "self-describing" : "ametek-jemstar-ii");

interface View {
  readonly readings: Readonly<Record<string, number | null>>;
  readonly registers: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly text: string;
    readonly scale: number;
  }[];
  readonly absence?: string;
  readonly reads: { readonly age: number | null; readonly trouble?: string };
}

let there: RunningSite;
let here: RunningSite;
const undo: (() => Promise<void> | void)[] = [];

before(async () => {
  const { folder, remove } = temporaryFolder();
  undo.push(remove);
  for (const site of ["there", "here"]) {
    mkdirSync(path.join(folder, site));
    for (const name of ["dlms", "iec61850", "scada"])
      copyFileSync(path.join(root, `site/${name}-meter.yaml`), path.join(folder, site, `${name}-meter.yaml`));
  }
  there = await startSite(path.join(folder, "there"), THERE);
  undo.push(() => there.end());
  const portOf = (what: string): string => new RegExp(`listener +${what} \\S+?:(\\d+)`).exec(there.output())?.[1] ?? "";
  const meters = Object.entries(read).map(
    ([name, one]) =>
      `  - { name: ${name}, model: ${modelOf(one)}, ${one.more ?? ""} source: { read: { url: "${one.url(portOf(one.listener))}", every: 1s } } }`,
  );
  here = await startSite(
    path.join(folder, "here"),
    `web: { port: 0 }\nstore: ":memory:"\nmeters:\n${meters.join("\n")}\n`,
  );
  undo.push(() => here.end());
});

after(async () => {
  for (const one of undo.toReversed()) await one();
});

async function viewOf(site: RunningSite, name: string): Promise<View> {
  return (await (await fetch(`${site.page}api/v1/meters/${name}`)).json()) as View;
}

/** Once it has been read. */
async function known(name: string): Promise<View> {
  for (let k = 0; k < 600; k++) {
    const view = await viewOf(here, name);
    if (view.reads.age !== null) return view;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} was never read: ${(await viewOf(here, name)).absence}; ${here.output()}`);
}

function isNear(found: number | null | undefined, name: string, within: number, of: string): void {
  // A meter that has its frequency by phase has it of the first.
  const right = expected[name.replace(/^Hz\.a$/, "Hz")];
  assert.ok(right !== undefined, name);
  assert.ok(
    typeof found === "number" && Math.abs(found - right) <= within * Math.abs(right),
    `${of}: ${name} is ${found}, expected ${right}`,
  );
}

const energyOf = ({ registers }: View, name: string): number => {
  const register = registers.find((one) => one.name === name);
  assert.ok(
    register !== undefined && register.value !== null,
    `no ${name}: ${registers.map((one) => one.name).join()}`,
  );
  return register.value * register.scale;
};

for (const [name, one] of Object.entries(read))
  test(`${one.listener}: ${name} shows what the meter measures`, { timeout: 120_000 }, async () => {
    const first = await known(name);
    assert.equal(first.absence, undefined);
    for (const value of one.values) isNear(first.readings[value], value, one.within, name);
    for (const [state, text] of Object.entries(one.states)) {
      const found = first.registers.find((register) => register.name === state);
      assert.match(found?.text ?? `none of ${first.registers.map((register) => register.name).join()}`, text, state);
    }
    if (one.energy === undefined) return;
    // What the meter itself says before and after has what was read between; only a count is not told.
    const [{ name: energy, wattHours }, meter] = [one.energy, one.there];
    const low = energyOf(await viewOf(there, meter), "Wh.import");
    const passed = async (): Promise<View> => {
      const asked = Date.now();
      for (;;) {
        const view = await viewOf(here, name);
        // Read after it was asked.
        if (view.reads.age !== null && view.reads.age * 1000 < Date.now() - asked) return view;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const between = energyOf(await passed(), energy);
    const high = energyOf(await viewOf(there, meter), "Wh.import");
    // A reading takes a while, and what is read first is older: the energy of ten seconds.
    const old = (expected["W"]! * 10) / 3600;
    assert.ok(
      between >= low - wattHours - old && between <= high + wattHours,
      `${energy} is ${between}, of ${low} to ${high}`,
    );
  });

test("overview, metrics, polyphase read and CSV say the same", { timeout: 120_000 }, async () => {
  for (const name of Object.keys(read)) await known(name);
  const overview = (await (await fetch(`${here.page}api/v1/overview`)).json()) as {
    readonly meters: readonly { readonly name: string; readonly watts: number | null }[];
  };
  const metrics = await (await fetch(`${here.page}metrics`)).text();
  for (const [name, { values, within }] of Object.entries(read)) {
    const glance = overview.meters.find((meter) => meter.name === name);
    const power = new RegExp(`^polyphase_active_power_watts\\{meter="${name}"\\} (\\S+)$`, "m").exec(metrics)?.[1];
    if (values.length === 0) {
      assert.deepEqual([glance?.watts, power], [null, undefined]);
      continue;
    }
    isNear(glance?.watts, "W", within, `${name} in the overview`);
    isNear(Number(power), "W", within, `${name} in the metrics`);
    const volt = new RegExp(`^polyphase_voltage_volts\\{meter="${name}",phase="b"\\} (\\S+)$`, "m").exec(metrics)?.[1];
    isNear(Number(volt), "V.b", within, `${name} in the metrics`);
    const url = `${here.page}#${name}`;
    const { status, out, err } = await run("read", url, "W", "V.c", "A.b", "--csv");
    assert.equal(status, 0, err);
    const [head = "", row = ""] = out.trim().split("\r\n");
    assert.equal(head, "utc,offsetMinutes,meter,W (W),V.c (V),A.b (A)");
    const [utc, , , w, v, a] = row.split(",");
    assert.ok(Number.isFinite(Date.parse(utc ?? "")), row);
    isNear(Number(w), "W", within, url);
    isNear(Number(v), "V.c", within, url);
    isNear(Number(a), "A.b", within, url);
  }
  // What is no measure is asked for by the name that its meter has for it.
  const { status, out, err } = await run("read", `${here.page}#bare`, "analog 2", "binary 2");
  assert.equal(status, 0, err);
  assert.match(out, /^ *8 +analog 2 +57600\n *17 +binary 2 +on$/m);
});

/** What a scan finds of each protocol: who is asked from 1 to 17, and who answers. */
const scans: readonly (readonly [listener: string, scheme: string, units: readonly number[], text: RegExp])[] = [
  // The clients that dlms-meter.yaml names; 16 alone shows nothing, and is told the logical device name of its maker, AMK.
  ["dlms tcp", "dlms", [1, 16, 17], /^AMK\d{12,13}$/],
  // By HDLC it says of every other client that it does not connect it.
  ["dlms hdlc-over-tcp", "dlms+hdlctcp", Array.from({ length: 17 }, (_, k) => k + 1), /^AMK\d{12,13}$/],
  // scada-meter.yaml: five counters, nine analogs, six binaries.
  ["dnp3 tcp", "dnp3", [1], /^5 counters, .*9 analogs, .*6 binaries/],
];
for (const [listener, scheme, units, text] of scans)
  test(`a scan finds what listens: ${listener}`, { timeout: 120_000 }, async (t) => {
    // Meters have room for one client: who scans is another than who reads.
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const configuration = scheme === "dnp3" ? "scada" : "dlms";
    copyFileSync(path.join(root, `site/${configuration}-meter.yaml`), path.join(folder, `${configuration}-meter.yaml`));
    const [protocol, transport] = listener.split(" ");
    const order = scheme === "dnp3" ? "JSII-09I5010-1B/2A-DIOP" : "JSII-09I5010-1B/2A-DIOP-DLMS";
    const meter = jemStar("one", order, configuration, `{ ${protocol}: ${transport}, port: 0 }`);
    const site = await startSite(folder, `web: { port: 0 }\nstore: ":memory:"\nmeters:${meter}\n`);
    t.after(() => site.end());
    const port = new RegExp(`listener +${listener} \\S+?:(\\d+)`).exec(site.output())?.[1] ?? "";
    const { state, found, silent, words } = await scanned(here, {
      url: `${scheme}://127.0.0.1:${port}`,
      from: 1,
      to: 17,
    });
    assert.equal(state, "done", words);
    assert.deepEqual([found.map(({ unit }) => unit), silent], [units, 17 - units.length]);
    const lets = found.filter(({ by }) => by !== "refuses");
    assert.deepEqual(
      lets.map(({ unit, by }) => [unit, by]),
      scheme === "dnp3" ? [[1, "answers"]] : [[16, "open"]],
    );
    const [open] = lets;
    assert.match(open?.text ?? "", text);
    // Its URL is one by which the meter is read.
    const volts = scheme === "dnp3" ? /analog 2 +57600/ : /V\.a +57600/;
    let read = await run("read", open?.url ?? "");
    // A meter that has just been switched on has measured nothing yet.
    for (let k = 0; k < 20 && !volts.test(read.out); k++) read = await run("read", open?.url ?? "");
    assert.equal(read.status, 0, read.err);
    assert.match(read.out, volts);
  });
