/** `polyphase watch goose://...`: whatever GOOSE comes there. */
import { utcText } from "#headend/mms-values.ts";
import { gooseUrl, watchGoose, type WatchedGoose } from "#headend/goose-watch.ts";
import { realClock } from "#headend/real-clock.ts";
import { onEnd } from "./ended.ts";
import { Failure, orFail } from "./failure.ts";
import { asJsonLine, below, shown, styled, table, write } from "./terminal.ts";

interface Options {
  readonly most: number;
  readonly json: boolean;
}

/** Waits until Ctrl-C, or so many states. */
export async function watchGooseAt(url: string, only: readonly string[], { most, json }: Options): Promise<void> {
  orFail(2, () => gooseUrl(url));
  const ending = onEnd();
  const enough = new AbortController();
  const signal = AbortSignal.any([ending.signal, enough.signal]);
  let count = 0;
  let writing = Promise.resolve();
  const told = (watched: WatchedGoose): void => {
    if (count >= most) return;
    count++;
    writing = writing.then(() => write(json ? shown`${asJsonLine(documentOf(watched))}\n` : printed(watched)));
    if (count >= most) enough.abort();
  };
  try {
    await watchGoose(url, only, { told, clock: realClock, signal });
  } catch (error) {
    throw new Failure(`${url}: ${error instanceof Error ? error.message : String(error)}`, 1);
  } finally {
    ending.done();
  }
  await writing;
}

/** One line of the state, and one of each value. */
function printed({ controlBlock, appId, source, state, values }: WatchedGoose): ReturnType<typeof below> {
  const { head, status, simulated, needsCommissioning } = state;
  const line = [
    ...(head === undefined ? [] : [utcText(head.t.utc)]),
    controlBlock,
    ...(status === "good" ? [`state ${head?.stNum}`] : ["is gone"]),
    `from ${source}, APPID ${appId.toString(16).padStart(4, "0")}`,
    ...(simulated ? ["a simulation"] : []),
    ...(needsCommissioning ? ["needs commissioning"] : []),
  ].join("  ");
  const rows = status === "good" ? values.map((value, k) => [`  ${k}`, value]) : [];
  return below([styled("bold", line), table(rows), ""]);
}

function documentOf({ controlBlock, appId, source, state, values }: WatchedGoose): object {
  const { head, status, simulated, needsCommissioning } = state;
  return {
    controlBlock,
    status,
    appId,
    source,
    simulated,
    ...(head === undefined
      ? {}
      : {
          dataSet: head.dataSet,
          goId: head.goId,
          since: utcText(head.t.utc),
          state: head.stNum,
          repetition: head.sqNum,
          configRevision: head.configRevision,
          timeAllowedToLive: head.timeAllowedToLive,
          needsCommissioning,
        }),
    values,
  };
}
