/**
 * Configurations that a running meter is sent: the text of one, or an SCL file (ICD, CID, SCD), which says what the section iec61850 is and
 * nothing of the rest.
 */
import type { Steps } from "#io/turn.ts";
import type { XmlElement } from "#io/xml.ts";
import { CidPlaces } from "#product/jemstar/iec61850/cid-places.ts";
import type { Iec61850Configuration } from "#product/jemstar/iec61850/configuration.ts";
import { listsOf, sectionOf } from "#product/jemstar/iec61850/section.ts";
import { FileError, firstOf } from "#product/file-error.ts";
import { sentBounds } from "#product/file-values.ts";
import { hasErrors, type Problem } from "#protocol/iec61850/scl/problems.ts";
import { readScl, type SclIed } from "#protocol/iec61850/scl/read.ts";
import { limits } from "#quantity/limits.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { readRevenueFile } from "./configuration-file.ts";
import type { RevenueFile } from "./configuration-schema.ts";
import { modelFactsOf, type IedIdentity } from "./iec61850-model.ts";

/** The meter that it is sent to. */
export interface SentTo {
  readonly file: RevenueFile;
  readonly ordered: Ordered;
  readonly serial: string;
  readonly modelNumber: string;
  readonly model: { readonly title: string; readonly manufacturer: string };
  readonly hardware: { readonly firmware: { readonly register?: string | undefined } };
}

/** As its surface has it. */
function identityOf({ serial, modelNumber, model, hardware }: SentTo): IedIdentity {
  const { title, manufacturer } = model;
  return { manufacturer, title, modelNumber, serial, firmware: hardware.firmware.register ?? "" };
}

/** XML is no YAML and no JSON. */
export function isScl(text: string): boolean {
  return /^\uFEFF?\s{0,100}</.test(text);
}

/** Throws FileError with all that is wrong with it. */
export function* readSent(text: string, meter: SentTo): Steps<RevenueFile> {
  if (!isScl(text)) return yield* readRevenueFile("the configuration", text, meter.ordered, sentBounds);
  const { file, ordered } = meter;
  if (!ordered.options.has("IEC")) throw wrong("IEC 61850 is option IEC, which was not ordered");
  const { ied, root } = iedIn(text, file.iec61850.name);
  const placed = (problems: readonly string[], deadbands: Iec61850Configuration["deadbands"] = []): FileError => {
    const places = new CidPlaces(root, ied.name, { ...listsOf(ied), deadbands });
    // How many there are besides has no place.
    const isCount = (told: string): boolean => /^and \d+ more$/.test(told);
    return wrong(...problems.map((told) => (isCount(told) ? told : withLine(places.problem(told)))));
  };
  const found = sectionOf(ied, modelFactsOf(file, ordered, identityOf(meter)));
  yield;
  if ("problems" in found) throw placed(found.problems);
  const whole = JSON.stringify({ ...file, iec61850: found.settings });
  try {
    return yield* readRevenueFile("the CID", whole, ordered, sentBounds);
  } catch (error) {
    throw error instanceof FileError ? placed(error.problems, found.settings.deadbands) : error;
  }
}

function withLine({ line, column, words }: Problem): string {
  return `line ${line}, column ${column}: ${words}`;
}

function wrong(...problems: readonly string[]): FileError {
  return new FileError("the CID", firstOf(problems));
}

/** The IED of a file that the meter is: the only one, or the one of its name. */
function iedIn(text: string, name: string): { readonly ied: SclIed["ied"]; readonly root: XmlElement } {
  const { sclCharacters } = limits.configuration;
  if (text.length > sclCharacters) throw wrong(`expected at most ${sclCharacters} characters, found ${text.length}`);
  const { ieds, problems, root } = readScl(text);
  if (hasErrors(problems)) {
    const errors = problems.filter(({ kind }) => kind === "error");
    throw wrong(...errors.map(withLine));
  }
  const there = ieds.filter(({ ied }) => ied.devices.length > 0);
  const named = there.find(({ ied }) => ied.name === name) ?? (there.length === 1 ? there[0] : undefined);
  if (named !== undefined && root !== undefined) return { ied: named.ied, root };
  const names = there.map(({ ied }) => ied.name).join(", ");
  throw wrong(
    names === "" ? "there is no IED with a server in it" : `which of its IEDs is the meter: ${names}? None is ${name}`,
  );
}
