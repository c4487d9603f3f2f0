/** `npm run bench [accuracy|metering|recordings|pqdif|files|examine|quality|kernels|modbus|client|dlms|dnp3|mms|reports|traffic|commits|year|trend|viewers|zoom|light|worst]`: speed, as ratios in one run. Every figure names what it was measured against. */
import { benchAccuracy } from "./accuracy.ts";
import { benchClient } from "./client.ts";
import { benchCommits } from "./commits.ts";
import { benchDlms } from "./dlms.ts";
import { benchDnp3 } from "./dnp3.ts";
import { benchExamine } from "./examine.ts";
import { benchFiles } from "./files.ts";
import { benchKernels } from "./kernels.ts";
import { benchLight } from "./light.ts";
import { benchMetering } from "./metering.ts";
import { benchMms } from "./mms.ts";
import { benchMmsReports } from "./mms-reports.ts";
import { benchModbus } from "./modbus.ts";
import { benchPqdif } from "./pqdif.ts";
import { benchQuality } from "./quality.ts";
import { benchRecordings } from "./recordings.ts";
import { benchTrend } from "./trend.ts";
import { benchViewers } from "./viewers.ts";
import { benchTraffic } from "./traffic.ts";
import { benchWorst } from "./worst.ts";
import { benchYear } from "./year.ts";
import { benchZoom } from "./zoom.ts";

/** Words with a sign in them are options of the one that is wanted. */
const wanted = process.argv.slice(2).filter((word) => /^\w+$/.test(word));
const all = {
  accuracy: benchAccuracy,
  metering: benchMetering,
  quality: benchQuality,
  kernels: benchKernels,
  recordings: benchRecordings,
  pqdif: benchPqdif,
  files: benchFiles,
  examine: benchExamine,
  modbus: benchModbus,
  client: benchClient,
  dlms: benchDlms,
  dnp3: benchDnp3,
  mms: benchMms,
  reports: benchMmsReports,
  traffic: benchTraffic,
  commits: benchCommits,
  year: benchYear,
  trend: benchTrend,
  viewers: benchViewers,
};
/** Run only when they are asked for: one takes ten minutes and more, another the whole machine, the last a browser. */
const long = { light: benchLight, worst: benchWorst, zoom: benchZoom };
if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
  console.log(`npm run bench [-- ${Object.keys(all).join("|")}]   all of these unless one is named`);
  console.log(
    `npm run bench -- ${Object.keys(long).join("|")}   only when it is named: minutes, and the whole machine`,
  );
  process.exit(0);
}
const unknown = wanted.find((name) => !(name in all || name in long));
if (unknown !== undefined) {
  console.error(`there is no bench ${unknown}; expected ${Object.keys({ ...all, ...long }).join(", ")}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(all)) if (wanted.length === 0 || wanted.includes(name)) await run();
for (const [name, run] of Object.entries(long)) if (wanted.includes(name)) await run();
