/** A JEMStar II as an outstation of DNP3 sees it: what tests of Appendix G stand on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import type { CounterImage, DnpHost } from "#protocol/dnp3/outstation/host.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";
import { UNEQUAL } from "./dlms-meter.ts";

export const DNP_MODEL = "JSII-09I6020-1B/2A/3A-DIO-NTP-ML";

export interface DnpMeter extends JemStarRig {
  readonly device: JemStarDevice;
  readonly host: DnpHost;
  /** Lets minutes pass, and whoever waits for a calculation cycle know of it. */
  pass(minutes: number): void;
  hostOn(port: string): DnpHost;
}

/** Phases are told apart: 377.6, 363 and 744 W; 283.2, 484 and 0 var; 472, 605 and 744 VA. */
export function dnpMeter(t: TestContext, options: Parameters<typeof jemStar>[1] = {}): DnpMeter {
  const rig = jemStar(t, { modelNumber: DNP_MODEL, source: UNEQUAL, ...options });
  const device = deviceOf(rig.jem);
  const hostOn = (port: string): DnpHost => {
    const host = device.bindings.dnp3?.({ port });
    assert.ok(host !== undefined, port);
    return host;
  };
  return {
    ...rig,
    device,
    host: hostOn("ethernet 1"),
    hostOn,
    pass(minutes) {
      rig.clock.advance(minutes * 60_000);
      device.advance(rig.clock.elapsed());
    },
  };
}

/** "1484 1484 01": a value of 32 bits, one of 16, and flags. */
export function counters({ values32, values16, flags }: CounterImage): readonly string[] {
  return Array.from(values32, (value, k) => `${value} ${values16[k]} ${(flags[k] ?? 0).toString(16).padStart(2, "0")}`);
}
