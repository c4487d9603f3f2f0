/** Messages as the site tells them (quantity/traffic-view.ts), and which of them somebody asks for. */
import type { Annotated } from "#headend/decode/annotated.ts";
import { hex } from "#headend/decode/hex-text.ts";
import type { Shown } from "#headend/decode/without-secrets.ts";
import { limits } from "#quantity/limits.ts";
import type { TrafficDetail, TrafficField, TrafficKind, TrafficMessage } from "#quantity/traffic-view.ts";
import type { TrafficConnection } from "#fleet/traffic.ts";
import type { Message, Opened } from "./traffic-log.ts";

/** What is asked for; what is not said is any. */
export interface TrafficFilter {
  readonly listener?: string | undefined;
  readonly meter?: string | undefined;
  readonly protocol?: string | undefined;
  readonly peer?: string | undefined;
  readonly connection?: number | undefined;
  readonly text?: string | undefined;
  readonly wrong?: "true" | undefined;
}

/** What somebody may see. */
export interface Sight {
  /** Secrets, too: the owner's, who has asked for them. */
  readonly secrets: boolean;
  /** Bytes: the owner's. */
  readonly bytes: boolean;
  /** Whether a connection's meters may be read by him. */
  readonly sees: (connection: TrafficConnection) => boolean;
}

const kinds: Readonly<Record<Message["kind"], TrafficKind>> = { heard: "in", said: "out", came: "came", went: "went" };

/** "2026-11-27T22:55:59.123456Z". */
export function instantText(utc: number): string {
  const nanoseconds = BigInt(Math.floor(utc * 1000)) * 1000n;
  return Temporal.Instant.fromEpochNanoseconds(nanoseconds).toString({ fractionalSecondDigits: 6 });
}

export function ofConnection(
  { place, peer, number }: TrafficConnection,
  { listener, meter, protocol, peer: from, connection }: TrafficFilter,
): boolean {
  const has = (whole: string, part: string | undefined): boolean =>
    part === undefined || whole.toLowerCase().includes(part.toLowerCase());
  return (
    (connection === undefined || connection === number) &&
    (protocol === undefined || place.protocol === protocol) &&
    has(place.what, listener) &&
    has(peer, from) &&
    (meter === undefined || place.meters.includes(meter))
  );
}

/** Whether a message is one that somebody asks for and may see. What is hidden from him is not found by it either. */
export function isAskedFor(message: Message, filter: TrafficFilter, { secrets, sees }: Sight): boolean {
  const { connection, isWrong, line, coveredLine } = message;
  if (filter.wrong !== undefined && !isWrong) return false;
  if (!ofConnection(connection, filter) || !sees(connection)) return false;
  const { text } = filter;
  return text === undefined || (secrets ? line : coveredLine).toLowerCase().includes(text.toLowerCase());
}

export function messageView(message: Message, { secrets }: Sight): TrafficMessage {
  const { number, utc, kind, connection, length, line, coveredLine, isWrong, isCovered } = message;
  const { place, peer } = connection;
  const { what, protocol, meters } = place;
  return {
    number,
    at: instantText(utc),
    kind: kinds[kind],
    listener: what,
    protocol,
    meters,
    peer,
    connection: connection.number,
    length,
    line: secrets ? line : coveredLine,
    wrong: isWrong,
    hidden: isCovered && !secrets,
  };
}

/** One message with all that it says. */
export function detailOf(message: Message, { fields, covered }: Opened, sight: Sight): TrafficDetail {
  const room = { left: limits.traffic.fields };
  const { secrets } = sight;
  const shown = new Uint8Array(message.bytes.subarray(0, limits.traffic.shownBytes));
  if (!secrets) for (const [from, to] of covered.spans) shown.fill(0, from, to);
  const views = fieldsOf(secrets ? fields : covered.fields, room, secrets);
  return {
    message: messageView(message, sight),
    ...(sight.bytes && message.bytes.length === message.length ? { bytes: hex(shown) } : {}),
    covered: secrets ? [] : covered.spans.map(([from, to]) => ({ from, to })),
    fields: views,
    more: room.left < 0 || message.bytes.length > shown.length,
  };
}

function fieldsOf(
  fields: readonly (Annotated & Pick<Shown, "isHidden">)[],
  room: { left: number },
  secrets: boolean,
): readonly TrafficField[] {
  const views: TrafficField[] = [];
  for (const { at, length, name, text, isProblem, isHidden, bytes, inside } of fields) {
    if (--room.left < 0) break;
    views.push({
      at,
      length,
      name,
      ...(text === undefined || text === "" ? {} : { text }),
      ...(isProblem === true ? { wrong: true } : {}),
      ...(isHidden === true ? { hidden: true } : {}),
      ...(bytes === undefined || !secrets ? {} : { apart: hex(bytes.subarray(0, limits.traffic.shownBytes)) }),
      ...(inside === undefined ? {} : { inside: fieldsOf(inside, room, secrets) }),
    });
  }
  return views;
}
