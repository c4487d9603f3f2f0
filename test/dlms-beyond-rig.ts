/** A JEMStar with the objects that head-ends expect beyond Appendix D, asked as a server asks them: what tests of them stand on. */
import type { TestContext } from "node:test";
import { imageTransferOf } from "#product/jemstar/dlms/beyond-image.ts";
import { beyondObjects } from "#product/jemstar/dlms/beyond.ts";
import { JemStarSurface } from "#product/jemstar/surface.ts";
import { WaitingCalendar } from "#protocol/dlms/cosem/activity-calendar.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { nullData, type Data } from "#protocol/dlms/data/data.ts";
import { accessOf, mayInvoke, type Asker, type CosemObject, type Selection } from "#protocol/dlms/cosem/object.ts";
import type { Peer, Session } from "#quantity/authority.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";

export const DLMS: Peer = { protocol: "dlms", port: "ethernet 1", near: false };

export interface BeyondRig extends JemStarRig {
  readonly surface: JemStarSurface;
  /** As the configuration of the moment has them. */
  objects(): readonly CosemObject[];
  object(name: string): CosemObject;
  /** What an attribute is, in hex; why it is denied, in words. */
  get(name: string, attribute: number, session?: Session, selection?: Selection): string;
  /** What a method came to; "none" of one that there is not, "denied" of one that the asker may not. */
  /** What setting an attribute came to; "denied" of one that the asker may not write. */
  set(name: string, attribute: number, value: Data, session: Session): string;
  act(name: string, method: number, parameters?: Data, session?: Session): string;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function beyond(
  t: TestContext,
  options: Parameters<typeof jemStar>[1] & {
    readonly level?: "off" | "read" | "full";
    readonly push?: (place: number) => boolean;
  } = {},
): BeyondRig {
  const { level = "read", push, ...rest } = options;
  const rig = jemStar(t, rest);
  const surface = new JemStarSurface(rig.jem);
  const calendar = new WaitingCalendar();
  const image = imageTransferOf(surface);
  const objects = () =>
    beyondObjects(
      surface,
      { ...rig.jem.file, dlms: { ...rig.jem.file.dlms, beyond: level } },
      { push, image, calendar },
    );
  const object = (name: string): CosemObject => {
    const found = objects().find(({ logicalName }) => logicalName === name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  const asker = (session: Session): Asker => ({ session, client: 16 });
  return {
    ...rig,
    surface,
    objects,
    object,
    get(name, attribute, session = surface.open(DLMS), selection) {
      const found = object(name).attributes.find(({ id }) => id === attribute);
      if (found === undefined) return "no such attribute";
      if (!accessOf(found, asker(session)).startsWith("read")) return "read-write-denied";
      const value = found.get(asker(session), selection);
      if ("denied" in value) return value.denied;
      if (value.type !== "rows") return hex(encodeData(value));
      const rows = Array.from({ length: value.count }, (_, k) => value.row(k) ?? nullData);
      return hex(encodeData({ type: "array", value: rows }));
    },
    set(name, attribute, value, session) {
      const found = object(name).attributes.find(({ id }) => id === attribute);
      if (found?.set === undefined || !accessOf(found, asker(session)).endsWith("write")) return "denied";
      return found.set(asker(session), value);
    },
    act(name, method, parameters = { type: "integer", value: 0 }, session = surface.open(DLMS)) {
      const found = object(name).methods.find(({ id }) => id === method);
      if (found === undefined) return "none";
      if (!mayInvoke(found, asker(session))) return "denied";
      const done = found.invoke(asker(session), parameters);
      return typeof done === "string" ? done : done.result;
    },
  };
}
