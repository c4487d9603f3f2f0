/** How servers refuse what no service can answer: exception-response (D8) and confirmedServiceError (0E) (Green Book 9.5), after their tags. */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import {
  exceptionServices,
  exceptionStates,
  serviceErrorChoices,
  serviceErrorServices,
  type ExceptionResponse,
  type InitiateError,
} from "./apdu.ts";

/** The word of a table that has this number. */
function wordOf<Word extends string>(table: Readonly<Record<Word, number>>, from: Reader, what: string): Word {
  const { at } = from;
  const number = from.u8();
  for (const word of Object.keys(table) as Word[]) if (table[word] === number) return word;
  throw new WireError(`there is no ${what} ${number}`, at);
}

/** Lenient in one thing: with invocation-counter-error, the counter may be missing. */
export function readException(from: Reader): ExceptionResponse {
  const state = wordOf(exceptionStates, from, "state-error");
  const service = wordOf(exceptionServices, from, "service-error");
  const counter = service === "invocation-counter-error" && from.left > 0 ? { counter: from.u32() } : {};
  return { apdu: "exception-response", state, service, ...counter };
}

export function writeException(out: Writer, { state, service, counter }: ExceptionResponse): void {
  out.u8(exceptionStates[state]).u8(exceptionServices[service]);
  if (counter !== undefined) out.u32(counter);
}

/** Strict. */
export function readServiceError(from: Reader): InitiateError {
  const service = wordOf(serviceErrorServices, from, "confirmed service with an error of its own,");
  const choice = wordOf(serviceErrorChoices, from, "kind of service error");
  return { apdu: "confirmed-service-error", service, choice, error: from.u8() };
}

export function writeServiceError(out: Writer, { service, choice, error }: InitiateError): void {
  out.u8(serviceErrorServices[service]).u8(serviceErrorChoices[choice]).u8(error);
}
