/** Telegrams of SML, field by field. */
import { frameCheck } from "#protocol/dlms/hdlc/frame-check.ts";
import { units } from "#protocol/dlms/data/unit.ts";
import { bodies, messageShape, type Shape } from "#protocol/sml/messages.ts";
import { openingFrom, readTransport } from "#protocol/sml/transport.ts";
import { readTypeLength, readValue, type SmlValue, type TypeLength } from "#protocol/sml/type-length.ts";
import { WireError } from "#wire/cursor.ts";
import { annotatedBy, apart, type Annotated, type Walk } from "./annotated.ts";
import { scaled } from "./decimal.ts";
import { hex, printable } from "./hex-text.ts";

const OPENING = 8;
const ENDING = 8;
const MESSAGE = 0x76;
const END_OF_MESSAGE = 0x00;
/** Lists in lists: what is defined is seven deep. */
const DEEPEST = 16;

export function isSml(bytes: Uint8Array): boolean {
  return openingFrom(bytes) >= 0;
}

/** "1-0:1.8.0*255". */
function objectText([a, b, c, d, e, f]: Uint8Array): string {
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

function octetsText(bytes: Uint8Array): string {
  const text = printable(bytes);
  return text === undefined ? hex(bytes) : `${hex(bytes)} ("${text}")`;
}

function valueText(value: SmlValue, name: string): string {
  if (value === undefined) return "not there";
  if (value instanceof Uint8Array)
    return value.length === 6 && (name === "object" || name === "list")
      ? `${hex(value)} (${objectText(value)})`
      : octetsText(value);
  if (name === "unit") {
    const unit = (units as Readonly<Record<string, string>>)[String(value)];
    return unit === undefined ? String(value) : `${value}, ${unit}`;
  }
  return String(value);
}

/** What the members of an entry say together: the object, and its value in its unit. */
function entryText(members: ReadonlyMap<string, SmlValue>): string | undefined {
  const object = members.get("object");
  const value = members.get("value");
  if (!(object instanceof Uint8Array) || object.length !== 6) return undefined;
  const name = objectText(object);
  if (typeof value !== "bigint") return `${name} = ${valueText(value, "value")}`;
  const scaler = members.get("scaler");
  const unit = members.get("unit");
  const word = typeof unit === "bigint" ? (units as Readonly<Record<string, string>>)[String(unit)] : undefined;
  const number =
    typeof scaler === "bigint" && scaler >= -128n && scaler <= 127n ? scaled(value, Number(scaler)) : String(value);
  return `${name} = ${number}${word === undefined || word === "" ? "" : ` ${word}`}`;
}

type Of = Shape | readonly ["each", Shape];

function isEach(of: Of | undefined): of is readonly ["each", Shape] {
  return of?.[0] === "each";
}

/** One value; what its members are called is `of`, where that is known. */
function walkValue(walk: Walk, name: string, of: Of | undefined, depth: number): SmlValue {
  const { from } = walk;
  const { at } = from;
  const head = readTypeLength(from);
  from.at = at;
  if (head.type !== "list")
    return walk.field(
      name,
      (reader) => readValue(reader, readTypeLength(reader)),
      (value) => valueText(value, name),
    );
  if (depth >= DEEPEST) throw new WireError(`lists more than ${DEEPEST} deep`, at);
  const members = new Map<string, SmlValue>();
  walk.group(
    name,
    () => {
      walk.field("list", readTypeLength, (list) => `${list.length} members`);
      if (head.length > from.left)
        throw new WireError(`${head.length} members where ${from.left} bytes are left`, from.at);
      for (let k = 0; k < head.length; k++) {
        const [own, inner] = isEach(of) ? [String(k + 1), of[1]] : memberOf(of, k);
        members.set(own, walkValue(walk, own, inner, depth + 1));
      }
    },
    () => entryText(members) ?? "",
  );
  return undefined;
}

function memberOf(of: Shape | undefined, k: number): readonly [name: string, of: Of | undefined] {
  const member = of?.[k];
  if (member === undefined) return [String(k + 1), undefined];
  return typeof member === "string" ? [member, undefined] : [member[0], member[1]];
}

/** Tag and body: of which message it is. */
function walkBody(walk: Walk): void {
  let tag = 0;
  walk.group(
    "body",
    () => {
      const head: TypeLength = walk.field("list", readTypeLength, (list) => `${list.length} members`);
      if (head.type !== "list" || head.length !== 2)
        throw new WireError("expected a list of a tag and a body", walk.from.at - 1);
      const value = walk.field(
        "message",
        (reader) => readValue(reader, readTypeLength(reader)),
        (found) => (typeof found === "bigint" ? (bodies[Number(found)]?.name ?? "none that is known") : "none"),
      );
      tag = typeof value === "bigint" ? Number(value) : 0;
      walkValue(walk, "of it", bodies[tag]?.of, 0);
    },
    () => bodies[tag]?.name ?? "",
  );
}

function walkMessage(walk: Walk, content: Uint8Array): void {
  const { from } = walk;
  const { at: start } = from;
  walk.group("message", () => {
    const head = walk.field("list", readTypeLength, (list) => `${list.length} members`);
    if (head.type !== "list" || head.length !== messageShape.length + 1)
      throw new WireError(`expected a message of ${messageShape.length + 1} members`, start);
    for (const name of messageShape.slice(0, 3)) walkValue(walk, name, undefined, 0);
    walkBody(walk);
    const made = frameCheck(content, start, from.at);
    const { at } = walk;
    const { at: before } = from;
    const said = readValue(from, readTypeLength(from));
    // As a number its bytes stand in the order in which HDLC sends them.
    const expected = BigInt(((made & 0xff) << 8) | (made >> 8));
    if (said === expected) walk.add({ at, length: from.at - before, name: "check", text: "right" });
    else walk.problem("check", `wrong: expected ${expected}, found ${String(said)}`, at, from.at - before);
    walk.field(
      "end of message",
      (reader) => {
        const end = reader.u8();
        if (end !== END_OF_MESSAGE)
          throw new WireError(`expected 00 at the end of a message, found ${hex(Uint8Array.of(end))}`, reader.at - 1);
        return end;
      },
      () => "",
    );
  });
}

/** Messages, and zeros that only fill. */
function walkMessages(walk: Walk, content: Uint8Array, padding: number): void {
  const { from } = walk;
  while (from.left > padding) {
    if (content[from.at] !== MESSAGE)
      throw new WireError(`expected a message, 76, found ${hex(content.subarray(from.at, from.at + 1))}`, from.at);
    walkMessage(walk, content);
  }
  if (from.left > 0)
    walk.field(
      "fills",
      (reader) => reader.bytes(from.left),
      () => "",
    );
}

/** As many telegrams as there are, and what stands between them. */
export function annotateSml(bytes: Uint8Array): readonly Annotated[] {
  return annotatedBy(bytes, 0, (walk) => {
    const { from } = walk;
    while (from.left > 0) {
      const opening = openingFrom(bytes, from.at);
      const before = (opening < 0 ? bytes.length : opening) - from.at;
      if (before > 0)
        walk.field(
          "between telegrams",
          (reader) => reader.bytes(before),
          (other) => `${other.length} bytes`,
        );
      if (opening >= 0) walk.group("telegram", () => walkTelegram(walk, bytes, opening));
    }
  });
}

function walkTelegram(walk: Walk, bytes: Uint8Array, opening: number): void {
  const { from } = walk;
  const { content, padding, doubled, check, to } = readTransport(bytes, opening);
  walk.field(
    "opening",
    (reader) => reader.bytes(OPENING),
    () => "SML transport, version 1",
  );
  const length = to - ENDING - from.at;
  const messages = (all: Uint8Array, offset: number): readonly Annotated[] =>
    annotatedBy(all, offset, (inner) => walkMessages(inner, all, padding));
  if (doubled === 0) walk.within("messages", length, messages);
  else {
    walk.field(
      "messages",
      (reader) => reader.bytes(length),
      (carried) => `${carried.length} bytes, ${doubled} runs of 1B1B1B1B doubled`,
    );
    walk.add(apart("messages as they were", "runs are single again", content, messages(content, 0)));
  }
  walk.field(
    "ending",
    (reader) => reader.bytes(ENDING - 2),
    () => `${padding} bytes have filled`,
  );
  const { at } = walk;
  from.skip(2);
  if (check.said === check.made) walk.add({ at, length: 2, name: "check", text: "right" });
  else walk.problem("check", `wrong: expected ${hexOf(check.made)}, found ${hexOf(check.said)}`, at, 2);
}

/** Low byte first, as it is sent. */
function hexOf(check: number): string {
  return hex(Uint8Array.of(check & 0xff, check >> 8));
}
