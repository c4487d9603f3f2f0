/** What a message says, in a line: for a list of many. */
import type { Annotated } from "./annotated.ts";
import type { Protocol } from "./decoder.ts";

/** Fields whose texts say what a message is about. */
const telling: Readonly<Partial<Record<Protocol, ReadonlySet<string>>>> = {
  dlms: new Set([
    "control",
    "APDU",
    "kind",
    "class",
    "object",
    "attribute",
    "method",
    "result",
    "data-access-result",
    "action-result",
    "data",
    "value",
    "mechanism-name",
    "diagnostic",
    "state-error",
    "service-error",
  ]),
  dnp3: new Set(["function", "indications"]),
  iec102: new Set(["control", "single character", "type", "cause"]),
  goose: new Set(["control block", "state", "repetition"]),
  sv: new Set(["svID", "sample of its second"]),
  snmp: new Set(["version", "error", "name"]),
};
/** Groups whose names do. */
const groups: Readonly<Partial<Record<Protocol, ReadonlySet<string>>>> = {
  snmp: new Set(["get", "get next", "response", "set", "get bulk", "inform", "notification", "report"]),
};
/** Elements of MMS that are not what is asked for. */
const besides = /^(?:tag |number of the request)/;

function* leaves(fields: readonly Annotated[]): Generator<Annotated> {
  for (const field of fields) {
    yield field;
    if (field.inside !== undefined) yield* leaves(field.inside);
  }
}

function modbusWords(fields: readonly Annotated[]): readonly string[] {
  const all = [...leaves(fields)];
  const textOf = (name: string): string | undefined => all.find((one) => one.name === name)?.text;
  const unit = textOf("unit");
  const words: string[] = [];
  if (unit !== undefined) words.push(`unit ${unit}`);
  words.push((textOf("function") ?? "").replace(/^\d+, /, ""));
  const count = textOf("count")?.replace(/^\d+: /, "");
  const [exception, place, bits] = [textOf("exception"), textOf("address"), textOf("bits")];
  if (exception !== undefined) words.push(exception.replace(/^\d+, /, ""));
  else if (count !== undefined) words.push(count);
  else if (place !== undefined) words.push(place);
  const values = all.filter(({ name }) => /^(?:register|word|written to) /.test(name));
  const written = values.map(({ text = "" }) => text.replace(/[ ,].*/, ""));
  if (written.length > 0) words.push(written.every((one) => one === "hidden") ? "hidden" : written.join(" "));
  if (bits !== undefined) words.push(bits);
  return words;
}

/** The name of the PDU, of the service, and what it is asked of. */
function mmsWords(fields: readonly Annotated[]): readonly string[] {
  const all = [...leaves(fields)];
  const at = all.findIndex(({ name }) =>
    /^(?:confirmed|unconfirmed|reject|cancel|initiate|conclude|association|release|abort)/.test(name),
  );
  if (at < 0) return all.filter(({ name }) => ["code", "SPDU", "piece"].includes(name)).map(({ text = "" }) => text);
  const words: string[] = [];
  for (const { name, text, inside } of all.slice(at)) {
    if (besides.test(name)) continue;
    if (inside !== undefined) {
      if (words.length < 3) words.push(name);
    } else if (text !== undefined && text !== "") words.push(text);
    if (words.length > 12) break;
  }
  return words;
}

function wordsOf(protocol: Protocol, fields: readonly Annotated[]): readonly string[] {
  if (protocol === "modbus") return modbusWords(fields);
  if (protocol === "mms") return mmsWords(fields);
  const words: string[] = [];
  for (const { name, text = "", inside } of leaves(fields)) {
    if (inside !== undefined && groups[protocol]?.has(name) === true) words.push(name);
    if (inside !== undefined && protocol === "dnp3" && /^g\d+v\d+/.test(text)) words.push(text);
    if (inside === undefined && text !== "" && telling[protocol]?.has(name) === true)
      words.push(protocol === "goose" || protocol === "sv" ? `${name} ${text}` : text);
  }
  return words;
}

/** Without control characters, and no longer than `most` characters. */
export function messageLine(protocol: Protocol, fields: readonly Annotated[], most: number): string {
  const problem = [...leaves(fields)].find(({ isProblem }) => isProblem === true);
  const words = wordsOf(protocol, fields).filter((word) => word !== "");
  if (problem !== undefined) words.unshift(`${problem.name}: ${problem.text ?? ""}`);
  return shortened(words.join(", "), most);
}

/** On one line, harmless, and no longer than `most` characters. */
export function shortened(text: string, most: number): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const plain = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "·");
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}
