/**
 * Goes with whatever pinned.mjs runs: the channel between the two closes when the launcher ends, by whatever signal. Then what it
 * launched ends, too.
 */
import { endAsTold } from "./started-by.mjs";

process.once("disconnect", endAsTold);
// Nothing else comes by this channel: it keeps nobody running.
process.channel?.unref();
