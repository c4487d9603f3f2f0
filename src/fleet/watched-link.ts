/** A link of which somebody hears what comes, and on which nothing is said while nobody is there who could. */
import type { Link } from "#io/link.ts";

export function watched(link: Link, isSilent: () => boolean, heard: () => void): Link {
  const { peer, local, certificate, loggedIn } = link;
  return {
    peer,
    ...(local === undefined ? {} : { local }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(loggedIn === undefined ? {} : { loggedIn }),
    get waiting() {
      return link.waiting;
    },
    send(bytes) {
      if (!isSilent()) link.send(bytes);
    },
    receive: (run) => {
      link.receive((bytes) => {
        heard();
        run(bytes);
      });
    },
    pause: () => link.pause(),
    resume: () => link.resume(),
    closed: (run) => link.closed(run),
    close: () => link.close(),
  };
}
