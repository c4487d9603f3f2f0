/** Being told to end, by Ctrl-C or by whoever started this. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Aborts when somebody tells this process to end; `done` gives the signals back. */
export function onEnd(): { readonly signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  // Ctrl-C comes twice, from the terminal and from the one that started this: it ends in order all the same.
  const end = (): void => controller.abort();
  for (const name of signals) process.on(name, end);
  return {
    signal: controller.signal,
    done() {
      for (const name of signals) process.off(name, end);
    },
  };
}
