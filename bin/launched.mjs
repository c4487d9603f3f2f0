/**
 * Goes with whatever pinned.mjs runs: the channel between the two closes when the launcher ends, by whatever signal. Then what it
 * launched ends, too.
 */
import { endAsTold } from "./started-by.mjs";

// What this process forks has a channel of its own, which is to keep it running: it does not take this along.
const at = process.execArgv.indexOf(import.meta.url);
if (at > 0) process.execArgv.splice(at - 1, 2);

process.once("disconnect", endAsTold);
// Nothing else comes by this channel: it keeps nobody running.
process.channel?.unref();
