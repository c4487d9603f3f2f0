/** What a client of a control is told unasked (IEC 61850-8-1, 20.8 and 20.11): why it was not done (LastApplError), and how it ended (CommandTermination). */
import { BerWriter } from "#wire/ber.ts";
import { dataTags } from "#protocol/iec61850/mms/data-codec.ts";
import { encodeVariables, type Variable } from "#protocol/iec61850/mms/variable-access.ts";
import { writeCommand, type Command } from "./command.ts";
import type { AddCause } from "./host.ts";

/** The name of a control, "Out_GGIO2$CO$SPCSO1" in its domain. */
export interface ControlName {
  readonly domain: string;
  readonly item: string;
}

/** LastApplError.Error: what is wrong nobody says here, but of a test (IEC 61850-8-1, 20.8). */
const errors = { unknown: 1, operatorTestNotOk: 3 } as const;

const lastApplError: Variable = { kind: "name", name: { scope: "vmd", item: "LastApplError" } };

/** Sent before the answer that says no. */
export function refusedPdu(name: ControlName, command: Command, addCause: number): Uint8Array {
  const out = new BerWriter();
  writeError(out, name, command, addCause);
  return wrapped(out, [lastApplError]);
}

/** Of a command of enhanced security; `addCause` where it has not been done. */
export function terminationPdu(name: ControlName, command: Command, addCause: number | undefined): Uint8Array {
  const out = new BerWriter();
  writeCommand(out, command);
  const item = `${name.item}$${command.structure.name}`;
  const operated: Variable = { kind: "name", name: { scope: "domain", domain: name.domain, item } };
  if (addCause === undefined) return wrapped(out, [operated]);
  writeError(out, name, command, addCause);
  return wrapped(out, [lastApplError, operated]);
}

function wrapped(out: BerWriter, variables: readonly Variable[]): Uint8Array {
  out.wrap(0xa0, 0);
  encodeVariables(out, 0xa0, variables);
  return out.wrap(0xa0, 0).wrap(0xa3, 0).done();
}

function writeError(out: BerWriter, { domain, item }: ControlName, command: Command, addCause: number): void {
  const { structure, category, identification, number, isTest } = command;
  const mark = out.written;
  out.integer(dataTags.integer, addCause).integer(dataTags.unsigned, number);
  const before = out.written;
  out.octets(dataTags.octets, identification).integer(dataTags.integer, category).wrap(dataTags.structure, before);
  out
    .integer(dataTags.integer, isTest ? errors.operatorTestNotOk : errors.unknown)
    .latin1(dataTags.visible, `${domain}/${item}$${structure.name}`)
    .wrap(dataTags.structure, mark);
}

/** The first edition has fewer causes: the nearest of them. */
const firstEdition: Readonly<Partial<Record<AddCause, number>>> = { 19: 3, 20: 3, 26: 6, 27: 12 };

export function addCauseOf(cause: AddCause, edition: string): number {
  return edition === "1" ? (firstEdition[cause] ?? cause) : cause;
}
