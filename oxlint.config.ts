/**
 * The rules of the house. `rooms` is the law on who may import whom: a folder of src/ is a room, imports go
 * only to the rooms named in its row, and test/house.test.ts plants violations to see that they are reported.
 */
import { defineConfig } from "oxlint";

/** The folders of the revenue meter; the room itself puts them together. */
const revenueFolders = [
  "revenue/settings",
  "revenue/measuring",
  "revenue/time",
  "revenue/people",
  "revenue/events",
  "revenue/contacts",
  "revenue/registers",
  "revenue/profile",
  "revenue/log",
];

/** Chapters of DLMS/COSEM, lower ones first. */
const dlmsFolders = [
  "protocol/dlms/data",
  "protocol/dlms/cosem",
  "protocol/dlms/apdu",
  "protocol/dlms/hdlc",
  "protocol/dlms/security",
];

/** Chapters of DNP3 (IEEE 1815), lower ones first. */
const dnp3Folders = ["protocol/dnp3/link", "protocol/dnp3/application"];

/** Chapters of IEC 60870-5-102, lower ones first. */
const iec102Folders = ["protocol/iec102/frame", "protocol/iec102/asdu"];

/** Chapters of IEC 61850, lower ones first: OSI under MMS, MMS, the model of an IED. */
const iec61850Folders = ["protocol/iec61850/osi", "protocol/iec61850/mms", "protocol/iec61850/model"];

export const rooms: Readonly<Record<string, readonly string[]>> = {
  quantity: [],
  clock: [],
  wire: [],
  io: ["clock", "quantity"],
  format: ["wire", "clock", "quantity"],
  "format/pqdif": ["wire", "format"],
  "metrology/kernels": [],
  metrology: ["quantity", "metrology/kernels"],
  waveform: ["quantity", "clock", "format", "io", "metrology"],
  store: ["clock", "io", "quantity"],
  quality: ["quantity", "clock", "metrology", "metrology/kernels", "waveform", "store"],
  // Which mistakes of wiring explain what a meter measures; the page has it, too.
  "analysis/wiring": ["quantity"],
  // What is to be kept, as tables and rules: harmonics, voltages, the curves of equipment, classes of events, percentiles. The page has it, too.
  "analysis/limits": [],
  // What a report is made of: recordings that the instrument runs through, judgements and drawings of what was measured.
  analysis: ["quantity", "clock", "analysis/limits", "format", "metrology", "waveform", "quality"],
  "analysis/svg": ["quantity", "clock", "analysis", "analysis/limits"],
  "analysis/report": ["quantity", "format", "analysis", "analysis/limits", "analysis/svg"],
  // Logs that another instrument has made, as an examination of ours.
  "analysis/logs": ["quantity", "format", "format/pqdif", "analysis", "analysis/limits"],
  // What an examination is written as: tables, PQDIF.
  "analysis/files": ["quantity", "format", "format/pqdif", "analysis", "analysis/limits", "analysis/report"],
  meter: ["quantity", "clock", "metrology", "waveform", "store"],
  "revenue/settings": ["quantity", "clock"],
  "revenue/measuring": ["quantity", "meter", "metrology", "waveform", "revenue/settings"],
  "revenue/time": ["quantity", "clock", "meter", "revenue/settings"],
  "revenue/people": ["quantity", "store"],
  "revenue/events": ["quantity", "clock", "metrology", "meter", "store", "revenue/settings", "revenue/measuring"],
  "revenue/contacts": ["quantity", "clock", "meter", "revenue/settings", "revenue/measuring", "revenue/events"],
  "revenue/registers": [
    "quantity",
    "clock",
    "meter",
    "store",
    "revenue/settings",
    "revenue/measuring",
    "revenue/events",
  ],
  "revenue/profile": ["quantity", "clock", "meter", "store", "revenue/settings", "revenue/measuring"],
  "revenue/log": ["quantity", "meter", "store", "revenue/settings", "revenue/measuring", "revenue/profile"],
  revenue: ["quantity", "clock", "metrology", "waveform", "store", "meter", ...revenueFolders],
  "protocol/modbus": ["quantity", "clock", "wire", "io"],
  "protocol/sunspec": ["quantity", "clock", "wire", "io", "protocol/modbus"],
  "protocol/ntp": ["clock", "wire", "io"],
  // DLMS/COSEM, in folders named like the chapters of the Green Book; the room itself has server and client.
  "protocol/dlms/data": ["quantity", "wire"],
  "protocol/dlms/cosem": ["quantity", "clock", "protocol/dlms/data"],
  "protocol/dlms/apdu": ["wire", "protocol/dlms/data", "protocol/dlms/cosem"],
  "protocol/dlms/hdlc": ["quantity", "clock", "wire", "io", "protocol/dlms/cosem", "protocol/dlms/apdu"],
  "protocol/dlms/security": ["quantity", "wire", "io", ...dlmsFolders.slice(0, 3)],
  // Who answers for the meter: associations, services, and the objects that speak of them.
  "protocol/dlms/server": ["quantity", "wire", "io", ...dlmsFolders],
  // Who asks a meter: associations, services, lists of objects, profiles, clocks.
  "protocol/dlms/client": ["quantity", "clock", "wire", "io", ...dlmsFolders],
  "protocol/dlms": ["quantity", "clock", "wire", "io", "protocol/iec62056-21", ...dlmsFolders],
  // The sign-on of optical ports, and the data messages that meters print on their P1 ports.
  "protocol/iec62056-21": ["clock", "wire", "io"],
  // Telegrams of German household meters; their checks are those of HDLC's frames.
  "protocol/sml": ["wire", "protocol/dlms/hdlc"],
  // DNP3: frames, confirmation and segments; headers and objects; who answers for a meter, and who asks one.
  "protocol/dnp3/link": ["quantity", "clock", "wire", "io"],
  "protocol/dnp3/application": ["quantity", "wire"],
  "protocol/dnp3/outstation": ["quantity", "clock", "wire", ...dnp3Folders],
  "protocol/dnp3/master": ["quantity", "clock", "wire", "io", ...dnp3Folders],
  "protocol/dnp3": [],
  // IEC 60870-5-102: frames of format FT1.2, ASDUs, the station and who reads one.
  "protocol/iec102/frame": ["quantity", "clock", "wire", "io"],
  "protocol/iec102/asdu": ["quantity", "wire"],
  "protocol/iec102/station": ["quantity", "clock", "wire", "io", ...iec102Folders],
  "protocol/iec102/reader": ["quantity", "clock", "wire", "io", ...iec102Folders],
  "protocol/iec102": [],
  "protocol/snmp": ["quantity", "clock", "wire", "io"],
  "protocol/ftp": ["quantity", "clock", "io"],
  // IEC 61850: who answers for a meter and who asks one, what goes over Ethernet by itself, and the files that describe it.
  "protocol/iec61850/osi": ["quantity", "clock", "wire", "io"],
  "protocol/iec61850/model": ["quantity"],
  "protocol/iec61850/mms": ["quantity", "wire", "protocol/iec61850/model"],
  "protocol/iec61850/scl": ["quantity", "io", "protocol/iec61850/model"],
  "protocol/iec61850/server": ["quantity", "clock", "wire", "io", ...iec61850Folders],
  "protocol/iec61850/client": ["quantity", "clock", "wire", "io", ...iec61850Folders],
  "protocol/iec61850/goose": [
    "quantity",
    "clock",
    "wire",
    "io",
    ...iec61850Folders,
    "protocol/iec61850/scl",
    "protocol/iec61850/server",
  ],
  "protocol/iec61850/sv": ["quantity", "clock", "wire", "io", "metrology", "waveform", ...iec61850Folders],
  "protocol/iec61850": [],
  model: ["quantity", "protocol/modbus", "protocol/sunspec"],
  product: [
    "quantity",
    "clock",
    "io",
    "store",
    "waveform",
    "protocol/modbus",
    "protocol/dlms/cosem",
    "protocol/dnp3",
    "protocol/dnp3/outstation",
    "protocol/iec102/station",
    "protocol/iec61850/server",
    "protocol/snmp",
    "protocol/ntp",
  ],
  "product/fixed-map": [
    "quantity",
    "clock",
    "wire",
    "store",
    "waveform",
    "meter",
    "quality",
    "model",
    "protocol/modbus",
    "protocol/sunspec",
    "product",
  ],
  // A JEMStar II as DLMS/COSEM shows it (Appendix D): its objects, its clients and their secrets.
  "product/jemstar/dlms": [
    "quantity",
    "clock",
    "wire",
    "store",
    "protocol/dlms/data",
    "protocol/dlms/cosem",
    "protocol/dlms/security",
    "product",
    "revenue/settings",
  ],
  // The points of a JEMStar II over DNP3 (Appendix G), and its totals over IEC 60870-5-102 (Appendix F).
  "product/jemstar/dnp3": ["quantity", "clock", "protocol/dnp3/outstation", "product", "revenue/settings"],
  "product/jemstar/iec102": ["quantity", "clock", "protocol/iec102/station", "product", "revenue/settings"],
  // A JEMStar II as IEC 61850 shows it (Appendix E): its logical nodes, data sets and control blocks.
  "product/jemstar/iec61850": [
    "quantity",
    "clock",
    "protocol/iec61850/model",
    "protocol/iec61850/scl",
    "protocol/iec61850/server",
    "product",
    "revenue/settings",
  ],
  // What a JEMStar II writes into files: observations as PQDIF and COMTRADE, and where it keeps them.
  "product/jemstar/files": [
    "quantity",
    "clock",
    "io",
    "store",
    "format",
    "format/pqdif",
    "quality",
    "revenue/settings",
  ],
  "product/jemstar": [
    "quantity",
    "clock",
    "wire",
    "io",
    "store",
    "waveform",
    "quality",
    "revenue",
    ...revenueFolders,
    "model",
    "protocol/modbus",
    "protocol/ntp",
    "protocol/dlms",
    "protocol/dlms/cosem",
    "protocol/dlms/apdu",
    "protocol/dnp3",
    "protocol/dnp3/outstation",
    "protocol/iec102/station",
    "protocol/iec61850/model",
    "protocol/iec61850/scl",
    "protocol/iec61850/server",
    "protocol/snmp",
    "product",
    "product/jemstar/files",
    "product/jemstar/dlms",
    "product/jemstar/dnp3",
    "product/jemstar/iec102",
    "product/jemstar/iec61850",
  ],
  // Front panels: what a button does and what is seen; a page, a terminal and tests drive them.
  panel: ["quantity", "clock", "model"],
  "panel/leviton": ["quantity", "clock", "model", "panel"],
  "panel/jemstar": ["quantity", "clock", "model", "panel"],
  "panel/powerlogic": ["quantity", "clock", "model", "panel"],
  "product/memory": ["quantity", "clock", "waveform", "protocol/modbus", "product"],
  // A meter that is there: the site reads it, and shows what it says.
  remote: ["quantity", "clock", "io", "waveform", "model", "headend", "product"],
  "fleet/protocols": [
    "quantity",
    "clock",
    "io",
    "model",
    "protocol/modbus",
    "protocol/dlms",
    "protocol/dlms/server",
    ...dlmsFolders,
    "protocol/iec62056-21",
    "protocol/dnp3",
    "protocol/dnp3/outstation",
    ...dnp3Folders,
    "protocol/iec102",
    "protocol/iec102/station",
    ...iec102Folders,
    "protocol/iec61850",
    "protocol/iec61850/scl",
    "protocol/iec61850/server",
    "protocol/iec61850/goose",
    "protocol/iec61850/sv",
    ...iec61850Folders,
    "protocol/snmp",
    "protocol/ntp",
    "waveform",
    "protocol/ftp",
    "product",
  ],
  fleet: [
    "quantity",
    "clock",
    "wire",
    "io",
    "format",
    "format/pqdif",
    "waveform",
    "store",
    "model",
    "product",
    "product/fixed-map",
    "product/jemstar",
    "product/memory",
    "remote",
    "fleet/protocols",
  ],
  // Messages of meters, field by field, for people who look into them.
  "headend/decode": [
    "quantity",
    "wire",
    "protocol/iec62056-21",
    "protocol/sml",
    ...dlmsFolders,
    ...dnp3Folders,
    ...iec102Folders,
    ...iec61850Folders,
    "protocol/iec61850/goose",
    "protocol/iec61850/sv",
  ],
  headend: [
    "panel",
    "quantity",
    "clock",
    "format",
    "format/pqdif",
    "protocol/modbus",
    "protocol/sunspec",
    "protocol/dlms",
    "protocol/dlms/client",
    ...dlmsFolders,
    "protocol/iec62056-21",
    "protocol/dnp3",
    "protocol/dnp3/master",
    ...dnp3Folders,
    "protocol/iec102",
    "protocol/iec102/reader",
    ...iec102Folders,
    "protocol/iec61850",
    "protocol/iec61850/client",
    "protocol/iec61850/goose",
    "protocol/iec61850/scl",
    ...iec61850Folders,
    "model",
    "io",
    "store",
  ],
  // What runs in the browser: it meets the site in the shapes of quantity/meter-api.ts.
  "web/page": [
    "quantity",
    "panel",
    "analysis/wiring",
    "analysis/limits",
    "analysis/svg",
    "web/page/texts",
    "web/page/viewer",
  ],
  // Recordings in the browser, without elements: files read in a worker, and what is drawn of a million samples.
  "web/page/viewer": ["quantity", "format", "format/pqdif"],
  // What the page says, in each language.
  "web/page/texts": ["quantity"],
  // What may be asked of a site over HTTP: the table of operations, their schemas, how requests are checked and refused.
  "web/api": ["fleet", "product", "quantity"],
  web: [
    "web/api",
    "analysis",
    "fleet",
    "product",
    "panel",
    "panel/leviton",
    "panel/jemstar",
    "panel/powerlogic",
    "model",
    "headend",
    "headend/decode",
    "quantity",
    "clock",
    "io",
    "format",
    "format/pqdif",
  ],
  cli: [
    "fleet",
    "fleet/protocols",
    "product",
    "headend",
    "headend/decode",
    "web",
    "panel",
    "model",
    "quantity",
    "io",
    "format",
    "analysis",
    "analysis/limits",
    "analysis/report",
    "analysis/files",
    "analysis/logs",
    "analysis/wiring",
  ],
};

/** The rooms that may touch Node itself: links, files, workers, databases, the server and the command. */
const nodeRooms = new Set(["io", "store", "web", "cli"]);

type ImportRule = ["error", { patterns: { regex: string; message: string }[] }];

/** Rooms whose inner loops index typed arrays that they sized themselves. */
const kernels = [
  "src/metrology/*.ts",
  "src/quality/*.ts",
  "src/analysis/*.ts",
  "src/analysis/limits/*.ts",
  "src/analysis/svg/*.ts",
  "src/analysis/files/*.ts",
  "src/analysis/wiring/*.ts",
  "src/analysis/logs/*.ts",
  "src/metrology/kernels/*.ts",
  "src/wire/*.ts",
  "src/format/*.ts",
  "src/format/pqdif/body.ts",
  "src/format/pqdif/deflate.ts",
  "src/format/pqdif/element.ts",
  "src/format/pqdif/guid.ts",
  "src/format/pqdif/rows.ts",
  "src/format/pqdif/series.ts",
  "src/format/pqdif/time-pieces.ts",
  "src/waveform/*.ts",
  "src/meter/integrals.ts",
  "src/meter/cycle-result.ts",
  "src/meter/alerts.ts",
  "src/revenue/measuring/rates.ts",
  "src/revenue/measuring/inputs.ts",
  "src/revenue/measuring/sequence.ts",
  "src/revenue/measuring/quality-inputs.ts",
  "src/revenue/measuring/integrals.ts",
  "src/revenue/measuring/angles.ts",
  "src/revenue/measuring/integrator.ts",
  "src/revenue/events/rapid-change.ts",
  "src/revenue/events/trigger.ts",
  "src/revenue/events/triggers.ts",
  "src/protocol/modbus/tcp-server.ts",
  "src/protocol/iec61850/sv/sv-pdu.ts",
  "src/protocol/iec61850/sv/sample-ring.ts",
  "src/protocol/iec61850/sv/source.ts",
];

/** A room may not reach what its row does not name, nor itself by its own name. */
function importRule(room: string, allowed: readonly string[]): ImportRule {
  const barred = Object.keys(rooms).filter((other) => !allowed.includes(other));
  const patterns = [
    { regex: "^\\.\\./", message: "Import ./file.ts within a room and #room/file.ts between rooms." },
    {
      // A room is its own files: those of a folder in it are another room's.
      regex: `^#(${barred.join("|")})/[^/]+$`,
      message: `The room ${room} may import ${allowed.join(", ") || "no other room"} (the table of rooms in oxlint.config.ts).`,
    },
  ];
  if (!nodeRooms.has(room)) {
    patterns.push({ regex: "^node:", message: "Only io, store, cli and web touch Node." });
  }
  return ["error", { patterns }];
}

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["node_modules", "dist"],
  rules: {
    "no-console": "error",
    "import/no-default-export": "error",
    "import/no-cycle": "error",
    "oxc/no-barrel-file": ["error", { threshold: 0 }],
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    "max-params": ["error", { max: 5 }],
    "no-restricted-globals": ["error", "Date", "setTimeout", "setInterval", "setImmediate", "performance"],
    // Initialisers that look at each other across modules are how a table is written.
    "no-await-in-loop": "off",
    "no-shadow": "off",
    "no-underscore-dangle": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/consistent-function-scoping": "off",
    "import/no-unassigned-import": "off",
    "typescript/no-unnecessary-type-assertion": "off",
  },
  overrides: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      files: [`src/${room}/*.ts`, `src/${room}/*.tsx`],
      rules: { "no-restricted-imports": importRule(room, allowed) },
    })),
    // Where real time enters: the clock room gives it to everyone else.
    { files: ["src/clock/*.ts"], rules: { "no-restricted-globals": "off" as const } },
    { files: kernels, rules: { "typescript/no-non-null-assertion": "off" as const } },
    // A kernel takes (arrays, from, n, out); naming each array beats an object made per call.
    {
      files: ["src/metrology/*.ts", "src/metrology/kernels/*.ts", "src/protocol/modbus/unit.ts"],
      rules: { "max-params": ["error", { max: 9 }] as ["error", { max: number }] },
    },
    // Tables are as long as the manual is.
    { files: ["src/model/*.ts", "src/protocol/sunspec/*.ts"], rules: { "max-lines": "off" as const } },
    { files: ["bin/*.mjs", "bench/*.ts"], rules: { "no-console": "off" as const } },
    // The browser's own clock and timers are all that a page has.
    { files: ["src/web/page/*.ts", "src/web/page/*.tsx"], rules: { "no-restricted-globals": "off" as const } },
    {
      files: ["**/*.test.ts", "test/**/*.ts", "bench/**/*.ts", "bin/**/*.mjs"],
      rules: {
        "no-restricted-imports": "off" as const,
        "typescript/no-non-null-assertion": "off" as const,
        "no-restricted-globals": "off" as const,
        "max-lines": "off" as const,
        // fast-check is known by its default export; bytes on the wire read better in their fields.
        "import/no-named-as-default-member": "off" as const,
        "no-useless-concat": "off" as const,
      },
    },
    // Its table of rooms is as long as the house is.
    {
      files: ["oxlint.config.ts"],
      rules: { "import/no-default-export": "off" as const, "max-lines": "off" as const },
    },
  ],
});
