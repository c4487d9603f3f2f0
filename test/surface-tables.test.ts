/** The tables of docs/surface.md, made from a meter's surface: the points of Appendix H, and what each HTTP route asks of the surface. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { modbusLists } from "#product/jemstar/modbus-binding.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { BinaryPoint, MeterSurface } from "#quantity/meter-surface.ts";
import { unitOf } from "#quantity/unit.ts";
import { webSide } from "#web/server.ts";
import { temporaryFolder } from "./running-site.ts";

const document = readFileSync(fileURLToPath(new URL("../docs/surface.md", import.meta.url)), "utf8");

function factorySite(t: TestContext) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `store: ":memory:"
meters: [{ name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } } }]
`,
  );
  const site = loadSite(file);
  t.after(() => site.stop());
  return site;
}

/** The rows of a table of the document, by its first column's heading. */
function tableIn(heading: string): string[] {
  const lines = document.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  assert.ok(at >= 0, `docs/surface.md has a table of ${heading}`);
  const end = lines.findIndex((line, k) => k > at && !line.startsWith("|"));
  return lines.slice(at + 2, end < 0 ? undefined : end);
}

function pointName(point: BinaryPoint): string {
  if ("status" in point) return point.status;
  const [[kind, number] = ["", 0]] = Object.entries(point);
  return `${kind} ${number}`;
}

test("the table of Appendix H in the documents is the factory's points, as the surface has them", (t) => {
  const surface = factorySite(t).meter("jem")!.surface;
  const { counters, analogs, binaries, outputs, at } = modbusLists(surface.configuration());
  const rows = [
    ...counters.map(({ register }, k) => {
      const first = 40_001 + at.counters + 2 * k;
      const { label, unit } = surface.register(register)!;
      return `| ${first}-${first + 1} | ${label}, ${unit} | \`register(${register})\` |`;
    }),
    ...analogs.map(
      ({ measure }, k) =>
        `| ${30_001 + at.analogs + k} | ${[measureName(measure), unitOf(measure)].filter(Boolean).join(", ")} | \`read("${measureName(measure)}", "secondary")\` |`,
    ),
    ...binaries.map(
      (point, k) => `| ${10_001 + at.inputs + k} | ${pointName(point)} | \`isOn(${JSON.stringify(point)})\` |`,
    ),
    `| ${1 + at.outputs}-${outputs + at.outputs} | outputs by channel | \`isOn({"output":n})\`, \`obey({"command":"outputs",...})\` |`,
  ];
  assert.deepEqual(tableIn("register"), rows);
});

/** A request of every route of a meter, by the route. */
const requests: Readonly<Record<string, readonly [method: string, place: string, body?: unknown]>> = {
  "GET ": ["GET", ""],
  "PUT ": ["PUT", "?check", { listen: [] }],
  "DELETE ": ["DELETE", "?check"],
  "GET /live": ["GET", "/live"],
  "GET /panel": ["GET", "/panel"],
  "GET /panel/live": ["GET", "/panel/live"],
  "POST /panel": ["POST", "/panel", { press: "read" }],
  "GET /registers/:list": ["GET", "/registers/normal"],
  "GET /intervals": ["GET", "/intervals"],
  "GET /profiles/:number": ["GET", "/profiles/1"],
  "GET /measurement-log/:number": ["GET", "/measurement-log/1"],
  "GET /marks": ["GET", "/marks?reader=billing&series=profile%201"],
  "POST /marks": ["POST", "/marks", { reader: "billing", series: "profile 1", next: 3 }],
  "GET /self-reads": ["GET", "/self-reads"],
  "GET /logs/:kind": ["GET", "/logs/event"],
  "GET /files": ["GET", "/files"],
  "GET /files/:file": ["GET", "/files/none.pqd"],
  "GET /configuration": ["GET", "/configuration"],
  "PUT /configuration": ["PUT", "/configuration", {}],
  "GET /configuration/schema": ["GET", "/configuration/schema"],
  "GET /configuration/history": ["GET", "/configuration/history"],
  "POST /configuration/undo": ["POST", "/configuration/undo", {}],
  "GET /configuration/editors": ["GET", "/configuration/editors"],
  "PUT /configuration/editors": ["PUT", "/configuration/editors", { editor: "a-word-of-its-own", open: true }],
  "GET /firmware": ["GET", "/firmware"],
  "POST /firmware": ["POST", "/firmware", { image: "cmVnaXN0ZXIgMC4wLjgxCg==" }],
  "POST /option-key": ["POST", "/option-key", { key: "PQ3-0A1B2C3D" }],
  "POST /reboot": ["POST", "/reboot"],
  "POST /session": ["POST", "/session", { user: "admin", password: "admin" }],
  "GET /session": ["GET", "/session"],
  "DELETE /session": ["DELETE", "/session"],
  "POST /commands": ["POST", "/commands", { command: "freeze" }],
  "POST /readings": ["POST", "/readings", { volts: [120], amps: [5] }],
  "GET /bench": ["GET", "/bench"],
  "POST /bench": ["POST", "/bench", { noise: 0 }],
  "DELETE /bench": ["DELETE", "/bench"],
  "GET /energy": ["GET", "/energy"],
  "GET /trends": ["GET", "/trends"],
  "GET /trend": ["GET", "/trend?series=profile&number=1&channel=1"],
  "GET /bills": ["GET", "/bills?by=day"],
  "GET /log": ["GET", "/log"],
  "GET /log/csv": ["GET", "/log/csv"],
  "GET /log/xlsx": ["GET", "/log/xlsx"],
  "GET /profiles/:number/csv": ["GET", "/profiles/1/csv"],
  "GET /profiles/:number/xlsx": ["GET", "/profiles/1/xlsx"],
};

test("the table of the HTTP API in the documents is its routes, and what each asks of the surface", async (t) => {
  const site = factorySite(t);
  const device = site.meter("jem")!;
  const { surface } = device;
  let asked = new Set<string>();
  const watched = new Proxy(surface, {
    get(target, name) {
      if (typeof name === "string") asked.add(name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  }) as MeterSurface;
  Object.defineProperty(device, "surface", { value: watched });
  const app = webSide(site).app;
  const base = "/api/v1/meters/:name";
  const routes = [
    ...new Set(
      app.routes
        .filter(({ path: at, method }) => at.startsWith(base) && method !== "ALL")
        .map(({ method, path: at }) => `${method} ${at.slice(base.length)}`),
    ),
  ];
  assert.deepEqual(routes.toSorted(), Object.keys(requests).toSorted(), "every route has its request here");
  const rows: string[] = [];
  for (const route of routes) {
    asked = new Set();
    const [method, place, body] = requests[route]!;
    const response = await app.request(`http://127.0.0.1/api/meters/jem${place}`, {
      method,
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (route.endsWith("/live")) {
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel();
    } else await response.arrayBuffer();
    // A panel asks what is on its screen, which is another at every press.
    const isPanel = route.includes("/panel");
    const members = [...asked]
      .filter((name) => name !== "identity" && (!isPanel || ["bars", "open", "whenOver"].includes(name)))
      .toSorted();
    const all = members.map((name) => `\`${name}\``);
    const words = [
      ...(isPanel && all.length > 0 ? [...all, "and"] : all),
      ...(isPanel ? ["what the panel asks"] : []),
    ].join(" ");
    const isOfFile = route === "PUT " || route === "DELETE ";
    const nothing = isOfFile
      ? "nothing: the site file is not the meter's"
      : "nothing: what the source measures is not the meter's";
    rows.push(`| ${route.trim()} | ${words === "" ? nothing : words} |`);
  }
  assert.deepEqual(tableIn("route"), rows);
});
