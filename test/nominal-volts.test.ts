/** What the volts of a meter should be, as it is set up: its page judges events by it, and the wiring check ratios. 120 V to neutral behind 14,400 : 120. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { circumstancesOf, type ViewOfWiring } from "#analysis/wiring/circumstances.ts";
import type { LiveView, MeterView } from "#quantity/meter-api.ts";
import { asksNominal, nominalOf } from "../src/web/page/events-of.ts";
import { webRig } from "./web-rig.ts";

const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, modelNumber: MODEL, configuration: jem.yaml, source: { live: { hz: 60 } } }
`;

async function viewOf(t: Parameters<typeof webRig>[0], model: string, jem: string): Promise<MeterView> {
  const { ask } = await webRig(t, { site: SITE.replace("MODEL", model), jem });
  return (await (await ask("/api/v1/meters/jem")).json()) as MeterView;
}

test("a meter without power quality says what its volts should be, of a wye to neutral and from line to line", async (t) => {
  const view = await viewOf(t, "JSII-09I6020-1B/2A-DIO-DLP-NTP", "primary: { pt: 120, ct: 80, nominalVoltage: 120 }\n");
  const live = view as unknown as LiveView;
  assert.equal(asksNominal(live), false);
  const { of, factor } = nominalOf(live, undefined);
  assert.equal(of("V.b"), 14_400);
  // 14,400 x sqrt(3)
  assert.equal(Math.round(of("V.ca")!), 24_942);
  // A sag to 84.02 V in its log, which is secondary, is one to 70 %.
  assert.equal(Math.round((1000 * 84.02 * factor) / of("V.b")!) / 10, 70);
  assert.equal(Math.round(circumstancesOf(view as unknown as ViewOfWiring)!.nominalVolts!), 24_942);
});

test("a delta has no volts to neutral", async (t) => {
  const primary = 'primary: { connection: "3 wire delta", pt: 4, nominalVoltage: 120, pqVoltage: ll }\n';
  const view = await viewOf(t, "JSII-05I6020-1B/2A-DIO-DLP-NTP", primary);
  assert.deepEqual(view.nameplate?.nominal, { ll: 480 });
  assert.equal(nominalOf(view as unknown as LiveView, undefined).of("V.a"), undefined);
});
