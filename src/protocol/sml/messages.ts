/** Messages of SML by name (SML 1.05, clause 5): what the members of their lists are, in order. */

/** Members of a list: a name, and where it is a list itself, what its members are. */
export type Shape = readonly (string | readonly [name: string, of: Shape | readonly [each: "each", of: Shape]])[];

export const messageShape = ["transaction", "group", "abort on error", "body", "check"] as const;

const entry: Shape = ["object", "status", ["time", ["kind", "time"]], "unit", "scaler", "value", "signature"];

interface Body {
  readonly name: string;
  readonly of: Shape;
}

export const bodies: Readonly<Record<number, Body>> = {
  0x0100: {
    name: "PublicOpen.Req",
    of: ["codepage", "client", "request file", "server", "user", "password", "SML version"],
  },
  0x0101: {
    name: "PublicOpen.Res",
    of: ["codepage", "client", "request file", "server", ["reference time", ["kind", "time"]], "SML version"],
  },
  0x0200: { name: "PublicClose.Req", of: ["signature"] },
  0x0201: { name: "PublicClose.Res", of: ["signature"] },
  0x0300: { name: "GetProfilePack.Req", of: [] },
  0x0301: { name: "GetProfilePack.Res", of: [] },
  0x0400: { name: "GetProfileList.Req", of: [] },
  0x0401: { name: "GetProfileList.Res", of: [] },
  0x0500: { name: "GetProcParameter.Req", of: [] },
  0x0501: { name: "GetProcParameter.Res", of: [] },
  0x0600: { name: "SetProcParameter.Req", of: [] },
  0x0700: { name: "GetList.Req", of: ["client", "server", "user", "password", "list"] },
  0x0701: {
    name: "GetList.Res",
    of: [
      "client",
      "server",
      "list",
      ["sensor time", ["kind", "time"]],
      ["values", ["each", entry]],
      "signature",
      ["gateway time", ["kind", "time"]],
    ],
  },
  0xff01: { name: "Attention.Res", of: ["server", "attention", "text", "details"] },
};
