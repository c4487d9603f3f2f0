/** `npm run bench [accuracy|metering|modbus|client|year]`: speed, as ratios in one run. Every figure names what it was measured against. */
import { benchAccuracy } from "./accuracy.ts";
import { benchClient } from "./client.ts";
import { benchMetering } from "./metering.ts";
import { benchModbus } from "./modbus.ts";
import { benchYear } from "./year.ts";

const wanted = process.argv.slice(2);
const all = {
  accuracy: benchAccuracy,
  metering: benchMetering,
  modbus: benchModbus,
  client: benchClient,
  year: benchYear,
};
for (const name of wanted)
  if (!(name in all)) throw new Error(`there is no bench ${name}; expected ${Object.keys(all).join(", ")}`);
for (const [name, run] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await run();
