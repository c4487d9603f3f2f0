/** What reading takes, where the configuration says that it takes a session. */
import type { Place } from "#quantity/authority.ts";
import { logKinds } from "#quantity/log.ts";
import { privileges, type Privilege } from "#revenue/people/security.ts";
import { triggerLogs } from "#revenue/settings/configuration.ts";

const places = new Map<string, Privilege>(
  Object.entries({
    readings: "readRegisters",
    registers: "readRegisters",
    profiles: "readLoadProfile",
    "measurement log": "readMeasurementLog",
    marks: "readLoadProfile",
    configuration: "configurationFile",
    files: "readPowerQuality",
  }),
);

for (const kind of logKinds) places.set(`log ${kind}`, "readEvents");
for (const kind of ["alarm", ...triggerLogs]) places.set(`log ${kind}`, "readAlarms");
places.set("log security", "readSecurity").set("log diagnostic", "readDiagnostics");

/** Whatever can be read. */
const every: readonly Privilege[] = privileges.filter(
  (name) => name.startsWith("read") || name === "configurationFile",
);

/** A place that there is not takes all that any takes. */
export function readingTakes(place: Place): readonly Privilege[] {
  const one = places.get(place);
  return one === undefined ? every : [one];
}
