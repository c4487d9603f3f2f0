/** A step of a conversation that has to go on within a time. */
import type { Clock } from "#clock/clock.ts";

/** Rejects with `late` when it takes longer; `run` gets what to call when it is done, and with what went wrong. */
export function withinStep<T>(
  { clock, stepMs }: { readonly clock: Clock; readonly stepMs: number },
  late: string,
  run: (done: (value: T) => void, fail: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(stepMs, () => reject(new Error(`${late} within ${stepMs / 1000} s`)));
    const end =
      <V>(then: (value: V) => void) =>
      (value: V): void => {
        cancel();
        then(value);
      };
    try {
      run(end(resolve), end(reject));
    } catch (error) {
      end(reject)(error);
    }
  });
}
