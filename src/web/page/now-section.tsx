/** A meter as it is now: what it measures, how that has gone since the page was opened, and what it says of itself. */
import { Alerts } from "./alerts.tsx";
import { Contacts } from "./contacts.tsx";
import { Files } from "./files.tsx";
import { FrontPanelSection } from "./front-panel-section.tsx";
import { LoadProfile } from "./profile.tsx";
import { Intervals } from "./intervals.tsx";
import { PowerQuality } from "./power-quality.tsx";
import { Demand, Energy, Now, Other, Phasors, WaveformPanel } from "./readings.tsx";
import { Log, Registers } from "./records.tsx";
import type { OfMeter } from "./sections.ts";
import { Trends } from "./trends.tsx";
import { VoltageEvents } from "./voltage-events.tsx";
import { WiringSection } from "./wiring-section.tsx";

export function Section({ live }: OfMeter) {
  return (
    <>
      <div class="column">
        <Now live={live} />
        <Trends {...live} />
        <VoltageEvents {...live} />
        <WaveformPanel {...live} />
        <Files {...live} />
        <PowerQuality {...live} />
        <Intervals {...live} />
        <Energy {...live} />
      </div>
      <div class="column">
        {live.frontPanel === true ? <FrontPanelSection name={live.name} key={live.name} /> : null}
        <Phasors {...live} />
        <WiringSection live={live} key={`wiring ${live.name}`} />
        <Alerts {...live} />
        <Demand {...live} />
        <Contacts {...live} />
        <Registers {...live} />
      </div>
      <LoadProfile {...live} key={live.name} />
      <Log {...live} />
      <Other {...live} />
    </>
  );
}
