/** Reading a file (ISO 9506-2, annex D): it is opened, read piece by piece, and closed. */
import type { FileAttributes } from "./file-name.ts";
import { decodeFileAttributes, encodeFileAttributes, encodeFileName, expectFileName } from "./file-name.ts";
import type { Service } from "./service.ts";
import { flag } from "./service.ts";

export interface FileOpenRequest {
  readonly service: "fileOpen";
  readonly name: string;
  /** Octets from its beginning. */
  readonly position: number;
}

export interface FileOpenResponse extends FileAttributes {
  readonly service: "fileOpen";
  /** Names it until it is closed (FRSM-ID). */
  readonly file: number;
}

export const fileOpen: Service<FileOpenRequest, FileOpenResponse> = {
  service: "fileOpen",
  requestTag: 0xbf48,
  responseTag: 0xbf48,
  decodeRequest(reader) {
    const inner = reader.inner();
    const name = expectFileName(inner, 0xa0, "the name of a file");
    return { service: "fileOpen", name, position: inner.expect(0x81, "a position").unsigned() };
  },
  encodeRequest(out, { name, position }) {
    const mark = out.written;
    out.integer(0x81, position);
    encodeFileName(out, 0xa0, name);
    out.wrap(0xbf48, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const file = inner.expect(0x80, "the number of an open file").integer();
    return { service: "fileOpen", file, ...decodeFileAttributes(inner.expect(0xa1, "attributes of a file")) };
  },
  encodeResponse(out, response) {
    const mark = out.written;
    encodeFileAttributes(out, response);
    out.integer(0x80, response.file).wrap(0xbf48, mark);
  },
};

export interface FileReadRequest {
  readonly service: "fileRead";
  readonly file: number;
}

export interface FileReadResponse {
  readonly service: "fileRead";
  readonly bytes: Uint8Array;
  readonly moreFollows: boolean;
}

export const fileRead: Service<FileReadRequest, FileReadResponse> = {
  service: "fileRead",
  requestTag: 0x9f49,
  responseTag: 0xbf49,
  decodeRequest: (reader) => ({ service: "fileRead", file: reader.integer() }),
  encodeRequest: (out, { file }) => void out.integer(0x9f49, file),
  decodeResponse(reader) {
    const inner = reader.inner();
    const bytes = inner.expect(0x80, "a piece of a file").content().slice();
    return { service: "fileRead", bytes, moreFollows: flag(inner, 0x81, true) };
  },
  encodeResponse(out, { bytes, moreFollows }) {
    const mark = out.written;
    if (!moreFollows) out.boolean(0x81, false);
    out.octets(0x80, bytes).wrap(0xbf49, mark);
  },
};

export interface FileCloseRequest {
  readonly service: "fileClose";
  readonly file: number;
}

export interface FileCloseResponse {
  readonly service: "fileClose";
}

export const fileClose: Service<FileCloseRequest, FileCloseResponse> = {
  service: "fileClose",
  requestTag: 0x9f4a,
  responseTag: 0x9f4a,
  decodeRequest: (reader) => ({ service: "fileClose", file: reader.integer() }),
  encodeRequest: (out, { file }) => void out.integer(0x9f4a, file),
  decodeResponse: () => ({ service: "fileClose" }),
  encodeResponse: (out) => void out.null(0x9f4a),
};
