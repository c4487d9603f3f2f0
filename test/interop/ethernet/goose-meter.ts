/**
 * A meter with two inputs on a listener of GOOSE. `publish` turns its inputs on and off; `follow` prints what drives them. The listener's entry is JSON.
 * goose-meter.ts publish ENTRY SECONDS, goose-meter.ts follow ENTRY TIMES
 */
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import { goose } from "#fleet/protocols/goose.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import { InputsHost } from "../../goose-host.ts";

const [what, given = "", enough = "1"] = process.argv.slice(2);
const table = [goose];
const host = new InputsHost();
const notices: string[] = [];
const [entry] = siteSchemaOf(table).parse({
  meters: [{ name: "m", model: "x", source: { live: {} }, listen: [JSON.parse(given)] }],
}).meters;
const listeners = new Listeners({
  clock: new SystemClock(),
  folder: ".",
  table,
  tell: ({ level, words }) => void (level === "warn" && notices.push(words)),
});
await listeners.open([
  {
    name: "m",
    listen: entry!.listen,
    bindings: { iec61850: () => host },
    line: { address: 1, baud: 19_200, parity: 0 },
    room: () => undefined,
  },
]);
process.stdout.write(`${JSON.stringify({ open: listeners.all.map((one) => one.what) })}\n`);
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
if (what === "publish")
  for (let k = 1; k <= 4; k++) {
    await pause(150);
    host.utc = Date.UTC(2026, 4, 1) + 1000 * k;
    host.inputs(k % 2 === 1, k > 2);
  }
if (what === "publish") await pause(1000 * Number(enough));
else for (let turn = 0; turn < 1000 && host.driven.length < Number(enough); turn++) await pause(20);
process.stdout.write(`${JSON.stringify({ driven: host.driven, notices })}\n`);
await listeners.close();
