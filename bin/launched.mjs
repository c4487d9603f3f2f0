/**
 * Goes with whatever pinned.mjs runs: the channel between the two closes when the launcher ends, by whatever signal. Then what it
 * launched ends, too, as if it had been told to: in order, where it listens to SIGTERM.
 */
process.once("disconnect", () => {
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit(143);
});
// Nothing else comes by this channel: it keeps nobody running.
process.channel?.unref();
