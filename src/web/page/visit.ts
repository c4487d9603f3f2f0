/** Where on the page somebody is, and how he comes to another place. */
import { signal } from "@preact/signals";
import { followAddress, hashOf, isSamePlace, placeAt, type Place } from "./address.ts";
import { sections } from "./sections.ts";
import { meters } from "./site.ts";
import { gone, lookAway, name, wantWaveforms, watch } from "./watch.ts";

/** The section that is shown: of the meter that is watched, or of the site. */
export const section = signal("");

/** Whether the site has said which meters it has: before that nobody is anywhere. */
export const isBegun = signal(false);

const asked = (): Place => placeAt(location.hash, meters.value, sections);
const shown = (): Place => ({ meter: name.value === "" ? undefined : name.value, section: section.value });

function show(place: Place): void {
  section.value = place.section;
  wantWaveforms(place.section === "waveforms");
  if (place.meter === shown().meter) return;
  // After a meter that there is not, the page is loaded as the site that answers now has it.
  if (gone.value !== undefined) return location.reload();
  if (place.meter === undefined) lookAway();
  else watch(place.meter);
}

/** To another place, as if its address had been typed. */
export function goTo(place: Place): void {
  location.hash = hashOf(place);
  if (!isSamePlace(place, shown())) show(place);
}

/** Shows what the address is of, and from now on whatever it comes to be of. */
export function beginVisit(): void {
  show(asked());
  isBegun.value = true;
  followAddress({ window, place: asked, shown, show });
}
