/** Why nobody could be connected to, and what to look at. */

/** By what the system says. */
const reasons: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: () => "nothing listens there",
  ENOTFOUND: (host) => `nobody knows a host ${host}; is its name right?`,
  EAI_AGAIN: (host) => `nobody answers who ${host} is; does the network, or its name server, work?`,
  EHOSTUNREACH: () => "no such host can be reached; is it switched on, and in this network?",
  ENETUNREACH: () => "this machine has no way to that network; is the address right, and the cable in?",
  ETIMEDOUT: () => "nobody answers there; is the address right, and does a firewall let it through?",
  EACCES: () => "this user, or a firewall of this machine, may not connect there",
  EPERM: () => "this user, or a firewall of this machine, may not connect there",
  EADDRNOTAVAIL: (host) => `${host} is no address that can be connected to from here`,
  ECONNRESET: () => "it ended the connection at once; does it speak what was asked, and has it a place left?",
};

/** In words; what has none of its own is said as the system says it. */
export function connectTrouble(host: string, { code = "", message }: NodeJS.ErrnoException): string {
  return reasons[code]?.(host) ?? message;
}
