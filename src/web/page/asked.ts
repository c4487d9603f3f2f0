/** What a section asks the site for: anew when the question is another, and every so often while it is looked at. */
import { useEffect, useRef, useState } from "preact/hooks";

export interface Asked<T> {
  /** Of the question that is asked now; undefined until it is answered. */
  readonly answer: T | undefined;
  /** The site did not answer, or would not. */
  readonly failed: boolean;
  /** Asks once more. */
  readonly again: () => void;
}

interface Known<T> {
  readonly key: string;
  readonly answer?: T | undefined;
  readonly failed: boolean;
}

/** `key` says what is asked; where it is another, what was answered before is of something else. */
export function useAsked<T>(key: string, ask: () => Promise<T>, everyMs?: number): Asked<T> {
  const [known, setKnown] = useState<Known<T>>({ key: "", failed: false });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    let isOver = false;
    let isAsking = false;
    const run = (): void => {
      if (isAsking) return;
      isAsking = true;
      void latest.current().then(
        (answer) => {
          isAsking = false;
          if (!isOver) setKnown({ key, answer, failed: false });
        },
        () => {
          isAsking = false;
          if (!isOver) setKnown((before) => ({ ...(before.key === key ? before : { key }), failed: true }));
        },
      );
    };
    run();
    const timer = everyMs === undefined ? undefined : setInterval(run, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [key, everyMs, turn]);
  const isOfThis = known.key === key;
  return {
    answer: isOfThis ? known.answer : undefined,
    failed: isOfThis && known.failed,
    again: () => setTurn((one) => one + 1),
  };
}
