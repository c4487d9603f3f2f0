/** The site of `npm run bench viewers`: as `polyphase up` starts it, with room for more streams of one address than a site has; it says what CPU it has used. */
import { limits } from "#quantity/limits.ts";

Object.assign(limits.web, { streamsOfAddress: 500, streams: 500, connections: 2000, connectionsOfAddress: 2000 });
process.on("message", () => process.send?.(process.cpuUsage()));
await import("#cli/main.ts");
