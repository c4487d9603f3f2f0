/** What became of the peers of one listener since it was opened. */
export type PeerCounts = {
  /** Connections that were let in; of a line, how often it was opened. */
  taken: number;
  /** Connections that were closed because there was no place. */
  refused: number;
  /** Peers that went for others before they had been answered. */
  putOut: number;
  /** TLS handshakes that failed or took too long. */
  handshakesFailed: number;
  /** Peers that were dropped because they did not read; of a line, messages that were lost. */
  unread: number;
};

export function noPeers(): PeerCounts {
  return { taken: 0, refused: 0, putOut: 0, handshakesFailed: 0, unread: 0 };
}
