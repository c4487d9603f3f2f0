/** ACTION by a client (Green Book 9.3.8): a method or many, with parameters and what it returns in blocks where they are long. */
import { WireError, Writer } from "#wire/cursor.ts";
import type { ActionAnswer, ActionRequest, Block, MethodReference, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { encodeData, writeData } from "#protocol/dlms/data/encode.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { writeList } from "#protocol/dlms/apdu/references.ts";
import { decodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { blocksOf } from "./blocks.ts";
import { Blocks, concat, nonsense, type Answer, type Exchange } from "./exchange.ts";
import { DlmsError } from "./failing.ts";

const LONGEST = 1 << 20;

export async function act(exchange: Exchange, method: MethodReference, parameters?: Data): Promise<ActionAnswer> {
  const invoke = exchange.nextInvoke();
  const whole: ActionRequest = { apdu: "action-request-normal", invoke, method, parameters };
  if (parameters === undefined || exchange.fits(whole))
    return ended(exchange, invoke, await exchange.ask(whole, answerIn));
  const request = (block: Block): ActionRequest =>
    block.number === 1
      ? { apdu: "action-request-with-first-pblock", invoke, method, block }
      : { apdu: "action-request-with-pblock", invoke, block };
  for (const block of blocksOf(exchange, encodeData(parameters), request)) {
    const came = await exchange.ask(request(block), (answer) =>
      answer.apdu === "action-response-next-pblock"
        ? answer.block === block.number
          ? "more"
          : undefined
        : answerIn(answer),
    );
    if (came !== "more") return ended(exchange, invoke, came);
  }
  return { result: "other-reason" };
}

type Came = Extract<Answer, { readonly apdu: "action-response-normal" | "action-response-with-pblock" }>;

function answerIn(answer: Answer): Came | undefined {
  return answer.apdu === "action-response-normal" || answer.apdu === "action-response-with-pblock" ? answer : undefined;
}

/** What a method returned, put together of its blocks. */
async function ended(exchange: Exchange, invoke: number, first: Came): Promise<ActionAnswer> {
  const bytes = await collected(exchange, invoke, first);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const answer = understoodAs(exchange, ONE_ANSWER, invoke, bytes);
  if (answer.apdu === "action-response-normal") return answer.answer;
  throw new DlmsError("the meter's answer does not make sense", "nonsense");
}

/** The bytes of all blocks; the answer itself where it is not cut, or is broken off. */
async function collected(exchange: Exchange, invoke: number, first: Came): Promise<Uint8Array | ActionAnswer> {
  const parts: Uint8Array[] = [];
  const blocks = new Blocks();
  let length = 0;
  for (let [came, expected] = [first, 1]; ; expected++) {
    if (came.apdu === "action-response-normal") return came.answer;
    const { block } = came;
    if (block.number !== expected)
      throw new DlmsError(`the meter sent block ${block.number} where ${expected} was expected`, "nonsense");
    blocks.came(block);
    parts.push(block.bytes);
    length += block.bytes.length;
    if (length > LONGEST) throw new DlmsError(`the meter returns more than ${LONGEST} bytes`, "too long");
    if (block.last) return concat(parts, length);
    came = await exchange.ask({ apdu: "action-request-next-pblock", invoke, block: expected }, answerIn);
  }
}

/** What stands behind the tag of an answer: of one method, and of many. */
const ONE_ANSWER = 1;
const ANSWERS = 3;

/** The blocks are what stands behind the id in an answer that is not cut. */
function understoodAs(exchange: Exchange, kind: number, invoke: number, bytes: Uint8Array): Xdlms {
  const whole = Uint8Array.of(apduTags["action-response"], kind, invoke, ...bytes);
  try {
    return exchange.manners.read((manner) => decodeXdlms(whole, manner));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw nonsense(error);
  }
}

/** Many at once, in their order. Throws DlmsError where the meter answers them with something else than as many results. */
export async function actList(
  exchange: Exchange,
  methods: readonly MethodReference[],
  parameters: readonly Data[],
): Promise<readonly ActionAnswer[]> {
  const invoke = exchange.nextInvoke();
  const whole: ActionRequest = { apdu: "action-request-with-list", invoke, methods, parameters };
  const out = new Writer();
  writeList(out, parameters, writeData);
  const request = (block: Block): ActionRequest =>
    block.number === 1
      ? { apdu: "action-request-with-list-and-first-pblock", invoke, methods, block }
      : { apdu: "action-request-with-pblock", invoke, block };
  const answers = exchange.fits(whole)
    ? await listAnswers(exchange, invoke, await exchange.ask(whole, listIn))
    : await longActions(exchange, invoke, blocksOf(exchange, out.done(), request), request);
  if (answers.length === methods.length) return answers;
  throw new DlmsError(`the meter answered ${methods.length} methods with ${answers.length} results`, "nonsense");
}

type ListCame = Came | Extract<Answer, { readonly apdu: "action-response-with-list" }>;

function listIn(answer: Answer): ListCame | undefined {
  return answer.apdu === "action-response-with-list" ? answer : answerIn(answer);
}

async function longActions(
  exchange: Exchange,
  invoke: number,
  blocks: Iterable<Block>,
  request: (block: Block) => ActionRequest,
): Promise<readonly ActionAnswer[]> {
  for (const block of blocks) {
    const came = await exchange.ask(request(block), (answer) =>
      answer.apdu === "action-response-next-pblock" && answer.block === block.number ? "more" : listIn(answer),
    );
    if (came !== "more") return listAnswers(exchange, invoke, came);
  }
  return [];
}

async function listAnswers(exchange: Exchange, invoke: number, came: ListCame): Promise<readonly ActionAnswer[]> {
  if (came.apdu === "action-response-with-list") return came.answers;
  if (came.apdu === "action-response-normal") return [came.answer];
  const bytes = await collected(exchange, invoke, came);
  if (!(bytes instanceof Uint8Array)) return [bytes];
  const answer = understoodAs(exchange, ANSWERS, invoke, bytes);
  if (answer.apdu === "action-response-with-list") return answer.answers;
  throw new DlmsError("the meter's answer does not make sense", "nonsense");
}
