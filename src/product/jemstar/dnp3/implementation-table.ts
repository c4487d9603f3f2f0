/** The implementation table of a device profile: what the outstation answers, row by row (Device Profile, section 3). */
import { implementedObjects, type ImplementedObject } from "#protocol/dnp3/outstation/implemented.ts";
import type { Xml } from "./xml.ts";

const READ = 1;
const WRITE = 2;
const RESPONSE = 129;
/** Freeze, and freeze and clear, each with and without an answer. */
const freezes = [7, 8] as const;
const clears = [9, 10] as const;
/** Without objects: confirm, cold and warm restart, delay measurement, record current time. */
const bare = [0, 13, 14, 23, 24] as const;
/** Enable and disable unsolicited responses. */
const enables = [20, 21] as const;

export interface Allowed {
  readonly allowTimeSet: boolean;
  readonly allowFreeze: boolean;
  readonly allowRegisterPresets: boolean;
  readonly settings: { readonly unsolicited?: unknown };
}

function isAllowed(code: number, { means }: ImplementedObject, allowed: Allowed): boolean {
  if ((freezes as readonly number[]).includes(code)) return allowed.allowFreeze;
  if ((clears as readonly number[]).includes(code)) return allowed.allowFreeze && allowed.allowRegisterPresets;
  if ((enables as readonly number[]).includes(code)) return allowed.settings.unsolicited !== undefined;
  // What else is written are indications.
  return code !== WRITE || allowed.allowTimeSet || ("is" in means && means.is === "indications");
}

/** Qualifiers of an answer: ranges, indices where they were asked for, and a count of one for times. */
function answeredWith({ means }: ImplementedObject): readonly number[] {
  if ("static" in means) return [0x00, 0x01, 0x17, 0x28];
  if ("event" in means) return [0x17, 0x28];
  return "is" in means ? [0x07] : [];
}

function part(name: "request" | "response", code: number, qualifiers: Iterable<number>): Xml {
  return [name, [["functionCode", code], ...[...qualifiers].map((one): Xml => ["qualifierCode", one])]];
}

export function implementationTable(allowed: Allowed): readonly Xml[] {
  const rows = implementedObjects.flatMap((object): readonly Xml[] => {
    const { group, variation, what, takes } = object;
    const description = variation === 0 && group !== 60 ? `${what}, any variation` : what;
    return [...takes]
      .filter(([code]) => isAllowed(code, object, allowed))
      .map(([code, qualifiers]): Xml => {
        const answer = answeredWith(object);
        const answers = code === READ && variation !== 0 && answer.length > 0;
        return [
          "supportedVariation",
          [
            ["objectGroup", group],
            ["variation", variation],
            ["description", description],
            part("request", code, qualifiers),
            answers ? part("response", RESPONSE, answer) : undefined,
          ],
        ];
      });
  });
  return [...rows, ...bare.map((code): Xml => ["supportedFunctionCode", [["request", [["functionCode", code]]]]])];
}
