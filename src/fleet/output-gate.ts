/**
 * What somebody has read is never taken back: while a meter behind a link is ahead of what is on disk, what is sent waits for the next
 * transaction. Whatever the protocol, an answer to a read, the acknowledgement of a command and an event pass here.
 */
import type { Link } from "#io/link.ts";
import { limits } from "#quantity/limits.ts";
import type { GroupCommit } from "./group-commit.ts";

export interface Gate {
  readonly commits: GroupCommit;
  /** Whether a meter behind the link has changed since the last transaction. */
  readonly isAhead: () => boolean;
  /** A line: what cannot be told on it is not told; any other link is closed instead. */
  readonly lasting: boolean;
}

/**
 * A link behind the gate. Nothing waits while the store is known to be in trouble: then no change is acknowledged, and that is said. What
 * is answered to a request by which the trouble came out may be such an acknowledgement.
 */
export function gated(link: Link, { commits, isAhead, lasting }: Gate): Link {
  let held: Uint8Array[] = [];
  let size = 0;
  let known = false;
  const release = (kept: boolean): void => {
    const waiting = held;
    held = [];
    size = 0;
    known = !kept;
    if (kept) for (const bytes of waiting) link.send(bytes);
    else if (!lasting) link.close();
  };
  const { peer, local, certificate, loggedIn } = link;
  return {
    peer,
    ...(local === undefined ? {} : { local }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(loggedIn === undefined ? {} : { loggedIn }),
    get waiting() {
      return size + link.waiting;
    },
    send(bytes) {
      if (held.length === 0 && !isAhead()) return link.send(bytes);
      const troubled = commits.trouble !== undefined;
      if (troubled && !known) return release(false);
      if (held.length === 0 && troubled) return link.send(bytes);
      if (held.length === 0) commits.soon(release);
      size += bytes.length;
      if (size <= limits.store.waitingAnswers) held.push(bytes);
      else if (!lasting) link.close();
    },
    receive(run) {
      link.receive((bytes) => {
        known = commits.trouble !== undefined;
        run(bytes);
      });
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}
