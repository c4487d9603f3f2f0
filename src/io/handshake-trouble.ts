/** Why a peer's handshake came to nothing, as its listener sees it. */

const OTHER_SIGNER = "its certificate is signed by none of those in the authority's file";
const NO_CERTIFICATE = "it shows no certificate";
const NO_TLS = "what it says is not TLS";
const UNKNOWN_HERE = "it does not know who signed the certificate here";

/** By what TLS says. */
const reasons: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: OTHER_SIGNER,
  DEPTH_ZERO_SELF_SIGNED_CERT: OTHER_SIGNER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: OTHER_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: OTHER_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT: OTHER_SIGNER,
  CERT_SIGNATURE_FAILURE: OTHER_SIGNER,
  CERT_HAS_EXPIRED: "its certificate is no longer valid; is the time of this machine right?",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is the time of this machine right?",
  INVALID_PURPOSE: "its certificate is not one for clients of TLS (extendedKeyUsage)",
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: NO_CERTIFICATE,
  ERR_SSL_UNSUPPORTED_PROTOCOL: "it speaks none of the versions of TLS that are spoken here",
  ERR_SSL_NO_SHARED_CIPHER: "it has no cipher suite in common with this",
  ERR_SSL_HTTP_REQUEST: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: UNKNOWN_HERE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not take the certificate here",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "it does not take the certificate here",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "it says that the certificate here is no longer valid",
  ECONNRESET: "it ended the connection before the handshake was done; does it know who signed the certificate here?",
};

/** In words; what has none of its own is said as TLS says it. */
export function handshakeTrouble(code: string | undefined, message: string): string {
  // OpenSSL's own words have the place in its source before and behind them.
  return reasons[code ?? ""] ?? /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
}
