/** `scan` over DLMS/COSEM. */
import { scanDlms, type DlmsScan } from "#headend/dlms-scan.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { numbersIn } from "./number-lists.ts";
import { asJson, note, progress, progressDone, say, table } from "./terminal.ts";

export interface DlmsScanOptions {
  readonly clients: string;
  readonly servers: string;
  readonly physical: string;
  readonly timeout: string;
  readonly json?: true;
}

/** The public client, management, and those that companion standards name. */
export const USUAL_CLIENTS = "16,1,2,3,17,18,32,48,64,96,100,102,103";
export const USUAL_SERVERS = "1";
export const USUAL_PHYSICAL = "1-17";

export async function dlmsScan(text: string, options: DlmsScanOptions): Promise<void> {
  const url = orFail(2, () => parseDlmsUrl(text));
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const scanned = {
    clients: numbersIn("--clients", options.clients, 65_535),
    servers: numbersIn("--servers", options.servers, 65_535),
    physicals: numbersIn("--physical", options.physical, 16_383),
  };
  const scan = await orFailLater(1, () => scanDlms(url, scanned, { timeoutMs, progress })).finally(progressDone);
  if (options.json) say(asJson({ found: scan.found, logicalDevices: scan.devices }));
  else print(text, scan);
  if (scan.found.length === 0) process.exitCode = 1;
}

function print(text: string, { found, devices, silent }: DlmsScan): void {
  if (found.length === 0) return say(`nobody answers at ${text}: ${silent} tried in vain`);
  const rows = found.map(({ client, server, physical, says, text: words }) => [
    `client ${client}`,
    `server ${server}`,
    ...(physical === undefined ? [] : [`physical ${physical}`]),
    says,
    words,
  ]);
  say(table(rows));
  for (const { server, name } of devices) note(`logical device ${server} is ${name}`);
}
