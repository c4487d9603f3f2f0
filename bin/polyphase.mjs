#!/usr/bin/env node
/** The `polyphase` command: installs what is missing, then runs src/cli/main.ts under the pinned Node. */
import { fileURLToPath } from "node:url";
import { page, ready, run } from "./pinned.mjs";

try {
  await ready();
  if (process.argv[2] === "up") page();
  run([fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)), ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`polyphase: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
