/** Why nobody could be connected to, and what to look at. */

const OTHER_SIGNER = "its certificate is signed by none of those in the authority's file";

/** By what the system, or TLS, says. */
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
  SELF_SIGNED_CERT_IN_CHAIN: () => OTHER_SIGNER,
  DEPTH_ZERO_SELF_SIGNED_CERT: () => OTHER_SIGNER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => OTHER_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () => OTHER_SIGNER,
  CERT_SIGNATURE_FAILURE: () => OTHER_SIGNER,
  CERT_HAS_EXPIRED: () => "its certificate is no longer valid; is the time of this machine right?",
  CERT_NOT_YET_VALID: () => "its certificate is not valid yet; is the time of this machine right?",
  ERR_TLS_CERT_ALTNAME_INVALID: (host) => `its certificate is not of a host ${host}`,
  EPROTO: () => "what it says is not TLS; does it listen without?",
  ERR_SSL_WRONG_VERSION_NUMBER: () => "what it says is not TLS; does it listen without?",
  ECONNRESET: () => "it ended the connection at once; does it speak what was asked, and has it a place left?",
};

/** What is told over TLS besides, or otherwise. */
const tlsReasons: Readonly<Record<string, string>> = {
  ECONNRESET:
    "it ended the connection during the handshake; is this certificate of the authority that it believes, does it speak TLS, and has it a place left?",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know who signed this certificate; is it of another authority?",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "it speaks none of the versions of TLS that are spoken here, 1.2 and 1.3",
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: "it does not take this certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not take this certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "it does not take this certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "it says that this certificate is no longer valid",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "it has no version of TLS, or no cipher suite, in common with this",
};

/** In words; what has none of its own is said as the system says it. */
export function connectTrouble(
  host: string,
  { code = "", message }: NodeJS.ErrnoException,
  over: "tcp" | "tls" = "tcp",
): string {
  return (over === "tls" ? tlsReasons[code] : undefined) ?? reasons[code]?.(host) ?? message;
}
