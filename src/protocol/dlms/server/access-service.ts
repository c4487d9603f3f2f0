/** ACCESS (Green Book 9.3.9): several GETs, SETs and ACTIONs, worked off in their order; all in one answer, which is as long as it may be. */
import {
  encodeAccessResponse,
  longInvoke,
  type AccessOutcome,
  type AccessRequest,
  type AccessSpecification,
} from "#protocol/dlms/apdu/access.ts";
import { isDenied } from "#protocol/dlms/cosem/object.ts";
import { nullData, type Data } from "#protocol/dlms/data/data.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import { getAttribute, invokeMethod, setAttribute } from "./access.ts";
import type { Association } from "./association.ts";
import { Outflow, RowsGone } from "./outflow.ts";
import { tooLong } from "./refusal.ts";

const NOTHING = encodeData(nullData);

interface Done {
  /** As it is on the wire; undefined of what does not fit. */
  readonly data: Uint8Array | undefined;
  readonly outcome: AccessOutcome;
}

/** In an APDU of `most` bytes at most; undefined of what wants no answer. */
export function answerAccess(association: Association, request: AccessRequest, most: number): Uint8Array | undefined {
  const { invoke, specifications, data: brought } = request;
  const data: Uint8Array[] = [];
  const outcomes: AccessOutcome[] = [];
  let left = most;
  let isBroken = false;
  for (const [k, specification] of specifications.entries()) {
    const done: Done = isBroken
      ? untouched(specification)
      : doOne(association, specification, brought[k] ?? nullData, left);
    if (done.data === undefined) return tooLong();
    left -= done.data.length;
    data.push(done.data);
    outcomes.push(done.outcome);
    isBroken ||= (invoke & longInvoke.breakOnError) !== 0 && done.outcome.result !== "success";
  }
  if ((invoke & longInvoke.confirmed) === 0) return undefined;
  const again = (invoke & longInvoke.selfDescriptive) === 0 ? undefined : specifications;
  const answer = encodeAccessResponse({ invoke, dateTime: new Uint8Array(0), specifications: again, data, outcomes });
  return answer.length <= most ? answer : tooLong();
}

/** What stands behind the first error, where that was to end it. */
function untouched({ access }: AccessSpecification): Done {
  return { data: NOTHING, outcome: { access, result: "other-reason" } };
}

function doOne(association: Association, specification: AccessSpecification, brought: Data, left: number): Done {
  if (specification.access === "action") {
    const { result, data } = invokeMethod(association, specification.method, brought);
    return { data: data === undefined ? NOTHING : encodeData(data), outcome: { access: "action", result } };
  }
  const { access, attribute } = specification;
  if (access === "set")
    return { data: NOTHING, outcome: { access, result: setAttribute(association, attribute, brought) } };
  const found = getAttribute(association, attribute);
  if (isDenied(found)) return { data: NOTHING, outcome: { access, result: found.denied } };
  const outflow = Outflow.of(found);
  try {
    const data = outflow.take(Math.max(0, left));
    return { data: outflow.ended ? data : undefined, outcome: { access, result: "success" } };
  } catch (error) {
    if (!(error instanceof RowsGone)) throw error;
    return { data: NOTHING, outcome: { access, result: "long-get-aborted" } };
  }
}
