/** SET by a client (Green Book 9.3.7): an attribute or many, in blocks where the meter takes no message that long. */
import type { AttributeReference, Block, SetRequest } from "#protocol/dlms/apdu/apdu.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { writeList } from "#protocol/dlms/apdu/references.ts";
import { encodeData, writeData } from "#protocol/dlms/data/encode.ts";
import { Writer } from "#wire/cursor.ts";
import { blocksOf } from "./blocks.ts";
import type { Exchange } from "./exchange.ts";
import { DlmsError } from "./failing.ts";

export async function set(exchange: Exchange, attribute: AttributeReference, value: Data): Promise<AccessResult> {
  const invoke = exchange.nextInvoke();
  const whole: SetRequest = { apdu: "set-request-normal", invoke, attribute, value };
  if (exchange.fits(whole))
    return exchange.ask(whole, (came) => (came.apdu === "set-response-normal" ? came.result : undefined));
  const request = (block: Block): SetRequest =>
    block.number === 1
      ? { apdu: "set-request-with-first-datablock", invoke, attribute, block }
      : { apdu: "set-request-with-datablock", invoke, block };
  for (const block of blocksOf(exchange, encodeData(value), request)) {
    const result = await exchange.ask(request(block), (came) => {
      if (came.apdu === "set-response-normal" || came.apdu === "set-response-last-datablock") return came.result;
      return came.apdu === "set-response-datablock" && came.block === block.number ? "more" : undefined;
    });
    // What comes before the last block says that it is over.
    if (result !== "more") return result;
  }
  return "other-reason";
}

/** Many at once, in their order. Throws DlmsError where the meter answers them with something else than as many results. */
export async function setList(
  exchange: Exchange,
  attributes: readonly AttributeReference[],
  values: readonly Data[],
): Promise<readonly AccessResult[]> {
  const results = await listResults(exchange, attributes, values);
  if (results.length === attributes.length) return results;
  throw new DlmsError(`the meter answered ${attributes.length} attributes with ${results.length} results`, "nonsense");
}

async function listResults(
  exchange: Exchange,
  attributes: readonly AttributeReference[],
  values: readonly Data[],
): Promise<readonly AccessResult[]> {
  const invoke = exchange.nextInvoke();
  const whole: SetRequest = { apdu: "set-request-with-list", invoke, attributes, values };
  if (exchange.fits(whole))
    return exchange.ask(whole, (came) => (came.apdu === "set-response-with-list" ? came.results : undefined));
  const out = new Writer();
  writeList(out, values, writeData);
  const request = (block: Block): SetRequest =>
    block.number === 1
      ? { apdu: "set-request-with-list-and-first-datablock", invoke, attributes, block }
      : { apdu: "set-request-with-datablock", invoke, block };
  for (const block of blocksOf(exchange, out.done(), request)) {
    const results = await exchange.ask(request(block), (came) => {
      if (came.apdu === "set-response-with-list" || came.apdu === "set-response-last-datablock-with-list")
        return came.results;
      if (came.apdu === "set-response-last-datablock") return attributes.map(() => came.result);
      return came.apdu === "set-response-datablock" && came.block === block.number ? "more" : undefined;
    });
    if (results !== "more") return results;
  }
  return [];
}
