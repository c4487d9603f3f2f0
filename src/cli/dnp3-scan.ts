/** `scan` over DNP3. */
import { scanDnp3, type Dnp3Found } from "#headend/dnp3-scan.ts";
import { addressRange, parseDnp3Url } from "#headend/dnp3-url.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { numbersIn } from "./number-lists.ts";
import { asJson, progress, progressDone, say, table } from "./terminal.ts";

export interface Dnp3ScanOptions {
  readonly addresses: string;
  readonly timeout: string;
  readonly json?: true;
}

/** Where outstations are as a rule. */
export const USUAL_ADDRESSES = "0-255,1024";

export async function dnp3Scan(text: string, options: Dnp3ScanOptions): Promise<void> {
  const url = orFail(2, () => parseDnp3Url(text));
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const addresses = numbersIn("--addresses", options.addresses, addressRange[1]);
  const found = await orFailLater(1, () => scanDnp3(url, addresses, { timeoutMs, progress })).finally(progressDone);
  if (options.json) say(asJson({ found }));
  else if (found.length === 0)
    say(
      `no outstation answers at ${text}: ${addresses.length} addresses tried in vain; one may know another master only (?master=)`,
    );
  else say(table(found.map(rowOf)));
  if (found.length === 0) process.exitCode = 1;
}

function rowOf({ address, answers, points, text }: Dnp3Found): string[] {
  const counts = Object.entries(points).map(([title, count]) => `${count} ${title}`);
  const state = text === "" ? [] : [text];
  return [
    `outstation ${address}`,
    answers ? "answers" : "its data link alone",
    answers ? [counts.join(", ") || "no points", ...state].join("; ") : text,
  ];
}
