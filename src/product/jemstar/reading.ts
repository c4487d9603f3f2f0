/** What reading takes, where the configuration says that it takes a session. */
import type { Place } from "#quantity/authority.ts";
import { logKinds } from "#quantity/log.ts";
import { privileges, type Privilege } from "#revenue/people/security.ts";
import { triggerLogs } from "#revenue/settings/configuration.ts";

const places: Readonly<Record<string, Privilege>> = {
  readings: "readRegisters",
  registers: "readRegisters",
  profiles: "readLoadProfile",
  configuration: "configurationFile",
};

const logs: Readonly<Record<string, Privilege>> = {
  ...Object.fromEntries(logKinds.map((kind) => [kind, "readEvents"])),
  security: "readSecurity",
  diagnostic: "readDiagnostics",
  ...Object.fromEntries(["alarm", ...triggerLogs].map((kind) => [kind, "readAlarms"])),
};

/** Whatever can be read. */
const every: readonly Privilege[] = privileges.filter(
  (name) => name.startsWith("read") || name === "configurationFile",
);

/** A place that there is not takes all that any takes. */
export function readingTakes(place: Place): readonly Privilege[] {
  const one = places[place] ?? logs[/^log (.*)$/.exec(place)?.[1] ?? ""];
  return one === undefined ? every : [one];
}
