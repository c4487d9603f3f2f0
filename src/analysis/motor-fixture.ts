/** A motor that starts slowly, for tests: volts and amps in closed form, of 12 s. */
import type { RecordingReader } from "#format/reader.ts";
import type { Input } from "#waveform/channel-map.ts";
import { computedReader } from "./wave-fixture.ts";

const RATE = 4800;
export const MOTOR_START = 2.003;
const RUNS_UP = 7.6;
const RUNS = 8.5;

/** Parts of the declared voltage, and of the current before those that come on. */
interface Motor {
  readonly remains: number;
  readonly back: number;
}

/** From 83 % with six times the current before, that falls from 7.6 to 8.5 s on in a straight line, to what remains. */
export function motorReader({ remains, back }: Motor, start?: number): RecordingReader {
  const part = (t: number): number =>
    t < MOTOR_START ? 0 : t < RUNS_UP ? 1 : Math.max(0, (RUNS - t) / (RUNS - RUNS_UP));
  const value = (input: Input, sample: number): number => {
    const t = sample / RATE;
    const angle = 2 * Math.PI * (50 * t - ["a", "b", "c"].indexOf(input[1]!) / 3);
    const under = part(t);
    const isBehind = t >= MOTOR_START;
    if (input[0] === "v") {
      const behind = isBehind ? back : 1;
      return Math.SQRT2 * 230 * (behind - (behind - 0.83) * under) * Math.sin(angle);
    }
    const on = isBehind ? remains + (6 - remains) * under : 0;
    return Math.SQRT2 * 36 * (Math.sin(angle - 0.45) + on * Math.sin(angle - 1.27));
  };
  return computedReader({ rate: RATE, seconds: 12, lineHz: 50, value, ...(start === undefined ? {} : { start }) });
}
