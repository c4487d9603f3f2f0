/** The `polyphase` command. Exit status: 0 done, 1 the meter or the line refused or failed, 2 wrong words or an invalid file. */
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Half of a start is compiling: what has been compiled once is kept beside what is installed, where that may be written. It is
// turned on before anything else is imported.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/polyphase-code", import.meta.url)));

const { run } = await import("./program.ts");
await run(process.argv.slice(2));
