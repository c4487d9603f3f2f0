/** The clock that commands run on. */
import { SystemClock } from "#clock/system-clock.ts";

export const realClock = new SystemClock();
