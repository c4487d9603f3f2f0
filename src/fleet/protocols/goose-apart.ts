/** Meters that publish GOOSE at one place are told apart by their control blocks. */
import { notApart, type Station } from "./protocol.ts";

/** Two meters that publish a control block of the same name: nobody could tell whose a message is. `referencesOf` has those of a station. */
export function checkApart<Keys extends { readonly publish: boolean }>(
  stations: readonly Station<Keys>[],
  referencesOf: (station: Station<Keys>) => readonly string[],
): void {
  const taken = new Map<string, string>();
  for (const station of stations) {
    if (!station.keys.publish) continue;
    for (const reference of referencesOf(station)) {
      const other = taken.get(reference);
      if (other !== undefined) throw notApart(station, "goose", other, `control block ${reference}`);
      taken.set(reference, station.device.name);
    }
  }
}
