/** Titles and units of the keys of a JSON Schema, for who edits what it describes: of the keys' own names, but for those that say too little. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Words at the ends of keys that are units. */
const endings: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/Ms$/, "ms"],
  [/[sS]econds$/, "s"],
  [/[mM]inutes?$/, "min"],
  [/[hH]ours?$/, "h"],
  [/[kK]ilobytes$/, "kB"],
  [/^baud$/, "bit/s"],
  [/[vV]oltage$/, "V"],
  [/[cC]urrent$/, "A"],
  [/[fF]requency$/, "Hz"],
];

/** How words of keys are written that are no words. */
const written: Readonly<Record<string, string>> = {
  pt: "PT",
  ct: "CT",
  km: "Km",
  ke: "Ke",
  kt: "Kt",
  pq: "PQ",
  tou: "TOU",
  io: "I/O",
  id: "ID",
  ip: "IP",
  dhcp: "DHCP",
  dns: "DNS",
  sftp: "SFTP",
  ftp: "FTP",
  tls: "TLS",
  hdlc: "HDLC",
  vlan: "VLAN",
  pdu: "PDU",
  w: "W",
  goose: "GOOSE",
  sap: "SAP",
  pqdif: "PQDIF",
  rms: "RMS",
  utc: "UTC",
  led: "LED",
  rx: "receive",
  tx: "send",
  modbus: "Modbus",
  dlms: "DLMS",
  dnp3: "DNP3",
  iec102: "IEC 60870-5-102",
  iec61850: "IEC 61850",
};

function unitOf(key: string): string | undefined {
  return endings.find(([ending]) => ending.test(key))?.[1];
}

/** "Sub interval" of "subIntervalMinutes", whose unit stands beside it. */
export function titleOf(key: string): string {
  const unit = /(Ms|Seconds|Minutes|Hours)$/.exec(key);
  const rest = unit === null ? key : key.slice(0, unit.index);
  const words = rest
    .split(/(?=[A-Z])|(?<=[a-z])(?=\d)/)
    .map((word) => written[word.toLowerCase()] ?? word.toLowerCase());
  const text = (written[rest.toLowerCase()] ?? words.join(" ")).trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is said of some keys, by their path without places of lists: "io.ke", or by their name wherever it stands: "*.password". */
export type Said = Readonly<Record<string, JsonSchema>>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A schema with a title on every key, units on numbers, and what is said of keys besides; what it says itself stays. */
export function withTitles(schema: JsonSchema, said: Said = {}, path = ""): JsonSchema {
  const inner = (value: unknown): unknown => (isSchema(value) ? withTitles(value, said, path) : value);
  const { properties, items, anyOf, oneOf, allOf } = schema;
  return {
    ...schema,
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, of]) => [key, keyOf(key, of, said, path)]),
          ),
        }
      : {}),
    ...(isSchema(items) ? { items: inner(items) } : {}),
    ...Object.fromEntries(
      Object.entries({ anyOf, oneOf, allOf }).flatMap(([word, list]) =>
        Array.isArray(list) ? [[word, list.map(inner)]] : [],
      ),
    ),
  };
}

function keyOf(key: string, of: unknown, said: Said, path: string): unknown {
  if (!isSchema(of)) return of;
  const at = path === "" ? key : `${path}.${key}`;
  const unit = hasNumbers(of) ? unitOf(key) : undefined;
  return {
    title: titleOf(key),
    ...(unit === undefined ? {} : { "x-unit": unit }),
    ...withTitles(of, said, at),
    ...said[`*.${key}`],
    ...said[at],
  };
}

function hasNumbers(schema: JsonSchema): boolean {
  const { type, anyOf, const: only } = schema;
  if (type === "number" || type === "integer" || typeof only === "number") return true;
  return Array.isArray(anyOf) && anyOf.some((one) => isSchema(one) && hasNumbers(one));
}
