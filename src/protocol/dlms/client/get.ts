/** GET by a client (Green Book 9.3.6): one attribute, many at once, and long values in blocks. */
import { Reader, WireError } from "#wire/cursor.ts";
import type { AttributeReference, GetResult } from "#protocol/dlms/apdu/apdu.ts";
import { readGetResult, readList } from "#protocol/dlms/apdu/references.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { decodeData, type Manner } from "#protocol/dlms/data/decode.ts";
import { Elements } from "./elements.ts";
import { Blocks, concat, nonsense, type Answer, type Exchange } from "./exchange.ts";
import { DlmsError, resultText } from "./failing.ts";

/** A value that is kept whole takes so much at most, bytes. */
const LONGEST = 1 << 24;

/** What a GET brings: the value itself, or its bytes in pieces, or why there is none. */
type Piece = { readonly data: Data } | { readonly bytes: Uint8Array } | { readonly denied: AccessResult };

/** What an array is made of, one after the other; or that there is none. */
export type Streamed = { readonly data: Data } | { readonly denied: AccessResult };

export async function get(exchange: Exchange, attribute: AttributeReference): Promise<GetResult> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces(exchange, attribute)) {
    if (!("bytes" in piece)) return piece;
    parts.push(piece.bytes);
    length += piece.bytes.length;
    if (length > LONGEST) throw new DlmsError(`the meter sends a value of more than ${LONGEST} bytes`, "too long");
  }
  const all = concat(parts, length);
  return { data: understood(() => exchange.manners.read((manner) => decodeData(all, manner))) };
}

/**
 * The members of an array, as they come: nothing is kept of it. What is no array is one member. What is denied after members have
 * come is an answer that the meter broke off.
 */
export async function* stream(exchange: Exchange, attribute: AttributeReference): AsyncGenerator<Streamed, void> {
  const elements = new Elements(exchange.manners);
  let began = false;
  for await (const piece of pieces(exchange, attribute)) {
    if ("denied" in piece) {
      yield piece;
      return;
    }
    if ("data" in piece) {
      const { data } = piece;
      if (data.type === "array" || data.type === "compact-array") for (const one of data.value) yield { data: one };
      else yield piece;
      return;
    }
    began = true;
    for (const data of understood(() => elements.push(piece.bytes))) yield { data };
  }
  if (!began) return;
  for (const data of understood(() => elements.end()))
    if (data.type === "compact-array") for (const one of data.value) yield { data: one };
    else yield { data };
}

type DataBlock = Extract<Answer, { readonly apdu: "get-response-with-datablock" }>;

/** Asks for the next block again where it was lost: by the number of the last that came, which the meter quotes then. */
async function* pieces(exchange: Exchange, attribute: AttributeReference): AsyncGenerator<Piece, void> {
  const invoke = exchange.nextInvoke();
  const first = await exchange.ask({ apdu: "get-request-normal", invoke, attribute }, firstIn, true);
  if (first.apdu === "get-response-normal") return yield first.result;
  const blocks = new Blocks();
  for (let block: DataBlock = first; ;) {
    if ("bytes" in block.result) blocks.came({ ...block.result, last: block.last });
    yield block.result;
    if (block.last || "denied" in block.result) return;
    const next = await nextBlock(exchange, invoke, block.number);
    // Some meters say what is wrong with a block in a normal answer.
    if (next.apdu === "get-response-normal") {
      if ("denied" in next.result) return yield next.result;
      throw new DlmsError(`the meter sent another value where block ${block.number + 1} was expected`, "nonsense");
    }
    block = next;
  }
}

type First = DataBlock | Extract<Answer, { readonly apdu: "get-response-normal" }>;

/** Blocks are counted from 1; there are meters that begin with 0. */
function firstIn(came: Answer): First | undefined {
  if (came.apdu === "get-response-normal") return came;
  return came.apdu === "get-response-with-datablock" && came.number <= 1 ? came : undefined;
}

/** A block that came before is late: it is no answer. */
function nextBlock(exchange: Exchange, invoke: number, last: number): Promise<First> {
  return exchange.ask(
    { apdu: "get-request-next", invoke, block: last },
    (came): First | undefined => {
      if (came.apdu === "get-response-normal") return came;
      if (came.apdu !== "get-response-with-datablock") return undefined;
      return "denied" in came.result || came.number === last + 1 ? came : undefined;
    },
    true,
  );
}

/** Many attributes in one request. Throws DlmsError where the meter answers it with something else than as many results. */
export async function getList(
  exchange: Exchange,
  attributes: readonly AttributeReference[],
): Promise<readonly GetResult[]> {
  const invoke = exchange.nextInvoke();
  const first = await exchange.ask(
    { apdu: "get-request-with-list", invoke, attributes },
    (came) => (came.apdu === "get-response-with-list" ? came : firstIn(came)),
    true,
  );
  const results = first.apdu === "get-response-with-list" ? first.results : await longList(exchange, invoke, first);
  if (results.length === attributes.length) return results;
  throw new DlmsError(`the meter answered ${attributes.length} attributes with ${results.length} results`, "nonsense");
}

async function longList(exchange: Exchange, invoke: number, first: First): Promise<readonly GetResult[]> {
  const parts: Uint8Array[] = [];
  const blocks = new Blocks();
  let length = 0;
  for (let block = first; ;) {
    if (block.apdu === "get-response-normal")
      throw new DlmsError("the meter answered a list with one value", "nonsense");
    const { result } = block;
    if ("denied" in result)
      throw new DlmsError(`the meter broke off its answer: ${resultText(result.denied)}`, "aborted");
    blocks.came({ ...result, last: block.last });
    parts.push(result.bytes);
    length += result.bytes.length;
    if (length > LONGEST) throw new DlmsError(`the meter sends a value of more than ${LONGEST} bytes`, "too long");
    if (block.last) break;
    block = await nextBlock(exchange, invoke, block.number);
  }
  const all = concat(parts, length);
  return understood(() => exchange.manners.read((manner) => resultsIn(all, manner)));
}

function resultsIn(bytes: Uint8Array, manner: Manner): readonly GetResult[] {
  const from = new Reader(bytes);
  const results = readList(from, 2, () => readGetResult(from, manner));
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the results`, from.at);
  return results;
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw nonsense(error);
    throw error;
  }
}
