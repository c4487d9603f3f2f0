/** An attribute of a server is given a value, or an output is operated, and what became of it is read back. */
import { Control, controlModels, type ControlOptions, type ControlRefused } from "#protocol/iec61850/client/control.ts";
import type { MmsClient } from "#protocol/iec61850/client/client.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { dataOfText, expectedText } from "#protocol/iec61850/client/typed-text.ts";
import { referenceText, type Reference } from "#protocol/iec61850/client/references.ts";
import { readOne, writeOne } from "#protocol/iec61850/client/values.ts";
import { findIn, type BrowsedDevice } from "#protocol/iec61850/client/browse.ts";
import { WrongWords } from "./chosen.ts";
import { partsNamed } from "./mms-browse.ts";
import { modelOf } from "./mms-meter.ts";
import type { MmsUrl } from "./mms-url.ts";
import { dataText } from "#protocol/iec61850/mms/data-words.ts";
import { realClock } from "./real-clock.ts";

export interface MmsWritten {
  readonly reference: string;
  readonly before: string;
  readonly after: string;
  /** It was taken, and reads as something else than was written. */
  readonly isOther?: true;
  /** Of an output: its model. */
  readonly control?: string;
}

/** Throws UnknownName and WrongWords; rejects with MmsError where the server refuses. */
export async function writeMms(
  client: MmsClient,
  url: MmsUrl,
  { name, value, options }: { readonly name: string; readonly value: string; readonly options: ControlOptions },
): Promise<MmsWritten> {
  const devices = await modelOf(client, url);
  const parts = partsNamed(devices, name);
  const output = parts.find(({ reference: { fc, path } }) => fc === "CO" && path.length > 0);
  if (output !== undefined) return operate(client, devices, { object: output.reference, value, options });
  if (parts.length > 1)
    throw new WrongWords(
      `"${name}" has several constraints; expected one of ${parts.map(({ reference }) => referenceText(reference)).join(", ")}`,
    );
  const [part] = parts;
  if (part === undefined) throw new WrongWords(`there is no "${name}"`);
  const data = dataOfText(part.type, value);
  if (data === undefined)
    throw new WrongWords(`${referenceText(part.reference)}: expected ${expectedText(part.type)}; found "${value}"`);
  const last = part.reference.path.at(-1)?.name ?? "";
  const before = await readOne(client, part.reference);
  const error = await writeOne(client, part.reference, data);
  if (error !== undefined)
    throw new MmsError(`${referenceText(part.reference)} is not written: ${accessErrorText(error)}`, "refused");
  const after = await readOne(client, part.reference);
  const [read, written] = [dataText(after, last), dataText(data, last)];
  const isOther = read !== written && data.kind !== "utc";
  return {
    reference: referenceText(part.reference),
    before: dataText(before, last),
    after: read,
    ...(isOther ? { isOther } : {}),
  };
}

async function operate(
  client: MmsClient,
  devices: readonly BrowsedDevice[],
  { object, value, options }: { readonly object: Reference; readonly value: string; readonly options: ControlOptions },
): Promise<MmsWritten> {
  const { domain, node, path } = object;
  const plain = { domain, node, path };
  const control = await Control.of(client, realClock, plain);
  const data = dataOfText(control.valueType, value);
  if (data === undefined)
    throw new WrongWords(`${referenceText(plain)}: expected ${expectedText(control.valueType)}; found "${value}"`);
  const [state] = ["stVal", "mxVal", "valWTr"].flatMap((one) =>
    findIn(devices, { domain, node, path: [...path, { name: one }] }),
  );
  const read = async (): Promise<string> =>
    state === undefined ? "?" : dataText(await readOne(client, state.reference), "stVal");
  const before = await read();
  const refused = await control.operate(data, options);
  if (refused !== undefined)
    throw new MmsError(`${referenceText(plain)} is not operated: ${refusedText(refused)}`, "refused");
  const after = await read();
  return {
    reference: referenceText(plain),
    before,
    after,
    control: controlModels[control.model] ?? `model ${control.model}`,
  };
}

function refusedText({ step, words, addCause }: ControlRefused): string {
  return `${step}: ${words}${addCause === undefined ? "" : ` (AddCause ${addCause})`}`;
}
