/**
 * Commands through a PowerLogic meter's command interface, as 63230-500-225A2, Appendix C has them: marks where the echo and
 * the result will stand, says so in the pointers, writes the code and waits for its echo.
 */
import type { Clock } from "#clock/clock.ts";
import { ClientError } from "#protocol/modbus/failing.ts";
import { readWords, writeWords, type Unit } from "./registers.ts";

export const commandRegister = {
  command: 8000,
  parameters: 8001,
  /** 8017, 8018 and 8019: numbers of the registers of echo, result and data. */
  pointers: 8017,
  echo: 8020,
  result: 8021,
  data: 8022,
} as const;

/** What stands in the echo and the result before the command: 0 would also mean that nothing has happened, or success. */
export const MARK = 0xffff;

/** Pause between two looks at the echo. */
const LOOK_MS = 200;

export type Echo =
  | { readonly state: "answered"; readonly result: number }
  /** The mark has gone and no echo came: the meter lost its registers, so it was restarted. */
  | { readonly state: "restarted" }
  | { readonly state: "silent" };

/** What the words before a command must be: pointers, then the marks. */
export const pointerWords = [commandRegister.echo, commandRegister.result, commandRegister.data];

/** Looks until the echo of `code` stands there, or for `waitMs`. A look that fails is made again. */
export async function awaitEcho(unit: Unit, code: number, clock: Clock, waitMs: number): Promise<Echo> {
  const end = clock.elapsed() + waitMs;
  for (;;) {
    const words = await readWords(unit, commandRegister.echo, 2).catch((error: unknown) => {
      if (error instanceof ClientError && clock.elapsed() < end) return [MARK, MARK];
      throw error;
    });
    const [echo = MARK, result = MARK] = words;
    if (echo === code) return { state: "answered", result };
    if (echo !== MARK) return { state: "restarted" };
    if (clock.elapsed() >= end) return { state: "silent" };
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }
}

const meanings: Readonly<Record<number, string>> = {
  0: "the settings completed successfully",
  81: "invalid command: the code in register 8000 is none that this meter knows",
  82: "invalid parameters: a value is out of its range, or revenue security or another setup session bars the command",
};

export function resultMeaning(result: number): string {
  return meanings[result] ?? "a result that the reference does not list";
}

/** Issues a command with its parameters and returns its result; rejects when no echo comes. */
export async function issueCommand(
  unit: Unit,
  code: number,
  parameters: readonly number[],
  clock: Clock,
  waitMs: number,
): Promise<number> {
  await writeWords(unit, commandRegister.pointers, [...pointerWords, MARK, MARK], false);
  if (parameters.length > 0) await writeWords(unit, commandRegister.parameters, parameters);
  await writeWords(unit, commandRegister.command, [code]);
  const echo = await awaitEcho(unit, code, clock, waitMs);
  if (echo.state === "answered") return echo.result;
  const why = echo.state === "silent" ? `did not echo it within ${waitMs} ms` : "was restarted meanwhile";
  throw new ClientError(`unit ${unit.unit} took command ${code} but ${why}; look at the meter, and try again`);
}
