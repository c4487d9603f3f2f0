/** A JEMStar II as an IED: what tests of Appendix E stand on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { LeafIndex } from "#protocol/iec61850/model/references.ts";
import type { IedHost, IedSession } from "#protocol/iec61850/server/host.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";
import { UNEQUAL } from "./dlms-meter.ts";

export const IEC_MODEL = "JSII-09I6020-1B/2A-DIO-NTP-IEC";

export interface IedMeter extends Omit<JemStarRig, "value"> {
  readonly device: JemStarDevice;
  readonly host: IedHost;
  /** Lets minutes pass, and whoever waits for a calculation cycle know of it. */
  pass(minutes: number): void;
  /** What a leaf is, "MMXU1.TotW.mag.f"; throws where the model has none. */
  value(path: string): LeafValue;
  has(path: string): boolean;
  /** Who shows a password, or nothing. */
  client(password?: string): Promise<IedSession>;
}

/** Phases are told apart: 377.6, 363 and 744 W; 283.2, 484 and 0 var; 472, 605 and 744 VA. */
export function iedMeter(t: TestContext, options: Parameters<typeof jemStar>[1] = {}): IedMeter {
  const rig = jemStar(t, { modelNumber: IEC_MODEL, source: UNEQUAL, ...options });
  const device = deviceOf(rig.jem);
  const host = device.bindings.iec61850?.({ port: "ethernet 1" });
  assert(host !== undefined);
  const leaf = (path: string) => new LeafIndex(host.ied).find(host.ied.devices[0]?.inst ?? "", path)?.leaf;
  return {
    ...rig,
    device,
    host,
    pass(minutes) {
      // A cycle each second, as a running site has them.
      const end = rig.clock.elapsed() + minutes * 60_000;
      while (rig.clock.elapsed() < end) {
        rig.clock.advance(Math.min(1000, end - rig.clock.elapsed()));
        device.advance(rig.clock.elapsed());
      }
    },
    value(path) {
      const found = leaf(path);
      assert(found !== undefined, `there is no ${path}`);
      return host.image().values[found.index];
    },
    has: (path) => leaf(path) !== undefined,
    async client(password) {
      const bytes = password === undefined ? undefined : new TextEncoder().encode(password);
      const session = await host.admit({ peer: "192.0.2.7", near: false, password: bytes, rights: "write" });
      assert(typeof session !== "string", String(session));
      return session;
    },
  };
}
