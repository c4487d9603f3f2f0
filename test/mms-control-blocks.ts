/** Control blocks and controls as a server has them in the exchanges of ../shared/vectors: attributes that keep what is written to them, and no more. */
import type { BasicType } from "#protocol/iec61850/model/basic-type.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { accessErrors } from "#protocol/iec61850/server/host.ts";
import type { Served, ServedPlace, ServedStructure } from "#protocol/iec61850/server/served.ts";
import type { MakePart } from "#protocol/iec61850/server/shown.ts";

type Row = readonly [name: string, type: BasicType];

const unbuffered: readonly Row[] = [
  ["RptID", "VisString129"],
  ["RptEna", "BOOLEAN"],
  ["Resv", "BOOLEAN"],
  ["DatSet", "VisString129"],
  ["ConfRev", "INT32U"],
  ["OptFlds", "OptFlds"],
  ["BufTm", "INT32U"],
  ["SqNum", "INT8U"],
  ["TrgOps", "TrgOps"],
  ["IntgPd", "INT32U"],
  ["GI", "BOOLEAN"],
];

const buffered: readonly Row[] = [
  ["RptID", "VisString129"],
  ["RptEna", "BOOLEAN"],
  ["DatSet", "VisString129"],
  ["ConfRev", "INT32U"],
  ["OptFlds", "OptFlds"],
  ["BufTm", "INT32U"],
  ["SqNum", "INT16U"],
  ["TrgOps", "TrgOps"],
  ["IntgPd", "INT32U"],
  ["GI", "BOOLEAN"],
  ["PurgeBuf", "BOOLEAN"],
  ["EntryID", "EntryID"],
  ["TimeofEntry", "EntryTime"],
  ["ResvTms", "INT16"],
];

function block(name: string, rows: readonly Row[]): ServedStructure {
  const values = new Map<string, LeafValue>();
  return {
    kind: "structure",
    name,
    fields: rows.map(([of, type]) => ({
      kind: "leaf",
      name: of,
      type,
      read: () => values.get(of),
      write(value) {
        // Enabled, it is as it is.
        if (values.get("RptEna") === true && of !== "RptEna" && of !== "GI") return accessErrors.temporarilyUnavailable;
        values.set(of, value);
        return undefined;
      },
    })),
  };
}

function still(name: string, type: BasicType): Served {
  return { kind: "leaf", name, type, read: () => undefined };
}

const goose = (name: string): ServedStructure => ({
  kind: "structure",
  name,
  fields: [
    still("GoEna", "BOOLEAN"),
    still("GoID", "VisString129"),
    still("DatSet", "VisString129"),
    still("ConfRev", "INT32U"),
    still("NdsCom", "BOOLEAN"),
    {
      kind: "structure",
      name: "DstAddress",
      fields: [still("Addr", "Octet6"), still("PRIORITY", "INT8U"), still("VID", "INT16U"), still("APPID", "INT16U")],
    },
    still("MinTime", "INT32U"),
    still("MaxTime", "INT32U"),
    still("FixedOffs", "BOOLEAN"),
  ],
});

export interface Operated {
  readonly name: string;
  readonly values: readonly LeafValue[];
}

function control(name: string, operated: (values: readonly LeafValue[]) => void): ServedStructure {
  return {
    kind: "structure",
    name,
    fields: [
      {
        kind: "structure",
        name: "Oper",
        fields: [
          still("ctlVal", "BOOLEAN"),
          { kind: "structure", name: "origin", fields: [still("orCat", "Enum"), still("orIdent", "Octet64")] },
          still("ctlNum", "INT8U"),
          still("T", "Timestamp"),
          still("Test", "BOOLEAN"),
          still("Check", "Check"),
        ],
        write(values) {
          operated(values);
          return undefined;
        },
      },
    ],
  };
}

/** Those of the model; commands go to `operated`. */
export function controlBlocks(operated: Operated[] = []): MakePart {
  return ({ host }) => {
    const places = host.ied.devices.flatMap(({ domain, nodes }) =>
      nodes.flatMap((node): ServedPlace[] => {
        const at = { domain, node: nodeName(node) };
        return [
          ...node.reports.flatMap((report) =>
            Array.from({ length: report.instances }, (_, k): ServedPlace => {
              const name = `${report.name}${String(k + 1).padStart(2, "0")}`;
              return {
                ...at,
                fc: report.buffered ? "BR" : "RP",
                served: block(name, report.buffered ? buffered : unbuffered),
              };
            }),
          ),
          ...node.gooses.map(({ name }): ServedPlace => ({ ...at, fc: "GO", served: goose(name) })),
          ...node.objects
            .filter(({ cdc }) => cdc === "SPC")
            .map(({ name }): ServedPlace => ({
              ...at,
              fc: "CO",
              served: control(name, (values) => operated.push({ name, values })),
            })),
        ];
      }),
    );
    return { places, left: () => {}, close: () => {} };
  };
}

/** Only those of GOOSE, which stand still here: nothing is published. */
export const gooseBlocks: MakePart = (context) => {
  const part = controlBlocks()(context);
  return { ...part, places: part.places.filter(({ fc }) => fc === "GO") };
};
