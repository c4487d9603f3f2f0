/** AddCause (IEC 61850-7-2, 20.5.2.9), in words. */
const words = [
  "unknown",
  "not supported",
  "blocked by switching hierarchy",
  "select failed",
  "invalid position",
  "position reached",
  "parameter change in execution",
  "step limit",
  "blocked by mode",
  "blocked by process",
  "blocked by interlocking",
  "blocked by synchrocheck",
  "command already in execution",
  "blocked by health",
  "1-of-n control",
  "abortion by cancel",
  "time limit over",
  "abortion by trip",
  "object not selected",
  "object already selected",
  "no access authority",
  "ended with overshoot",
  "abortion due to deviation",
  "abortion by communication loss",
  "blocked by command",
  "none",
  "inconsistent parameters",
  "locked by other client",
] as const;

export function addCauseText(addCause: number): string {
  return words[addCause] ?? `AddCause ${addCause}`;
}
