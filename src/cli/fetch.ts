/** `fetch`: a file of a meter over DNP3, to the screen or into a folder. */
import type { Command } from "commander";
import { readMeterFile } from "#headend/dnp3-commands.ts";
import { parseDnp3Url } from "#headend/dnp3-url.ts";
import { fetchFiles } from "#headend/fetch-files.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { say, writeContent } from "./terminal.ts";

interface Options {
  readonly to?: string;
  readonly over?: true;
  readonly timeout: string;
}

/** So that a request to open it fits into one frame. */
const LONGEST_NAME = 200;

export function addFetch(program: Command): void {
  program
    .command("fetch")
    .description("print a file of a meter over DNP3, or put it into a folder")
    .argument("<meter>", "like dnp3://host:port/address?master=100")
    .argument("<name>", "the file, as the meter calls it")
    .option("--to <folder>", "put it into a folder, by its name")
    .option("--over", "with --to, replace a file of this name that is another")
    .option("--timeout <ms>", "how long to wait for each answer", "2000")
    .addHelpText(
      "after",
      "\nFor example:\n" +
        "  npx polyphase fetch dnp3://192.0.2.7/1 profile.csv > profile.csv\n" +
        "  npx polyphase fetch dnp3://192.0.2.7/1 profile.csv --to files\n" +
        "\nFiles of meters that give them over HTTP or SFTP: npx polyphase pqdif.\n",
    )
    .action(fetchFile);
}

async function fetchFile(text: string, name: string, { to, over, timeout }: Options): Promise<void> {
  const url = orFail(2, () => parseDnp3Url(text));
  const timeoutMs = Number(timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${timeout}"`, 2);
  // Names have one octet a character.
  if (!/^[ -~\u00a0-\u00ff]+$/.test(name) || name.length > LONGEST_NAME)
    throw new Failure(`<name>: expected 1 to ${LONGEST_NAME} characters of Latin-1; found "${name}"`, 2);
  if (over && to === undefined) throw new Failure("--over goes with --to only", 2);
  await orFailLater(1, async () => {
    const content = await readMeterFile(url, { timeoutMs }, name);
    if (to === undefined) return writeContent(content);
    const [done] = await fetchFiles({ fetch: () => Promise.resolve(content) }, [{ name, size: content.length }], {
      folder: to,
      over: over ?? false,
    });
    if (done?.result === "failed") throw new Error(done.why);
    say(`${name}: ${content.length} bytes, ${done?.result === "there" ? "there already" : "fetched"}`);
  });
}
