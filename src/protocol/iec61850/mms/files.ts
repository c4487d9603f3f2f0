/** Services of files (ISO 9506-2, annex D): the list, in pages; obtaining, renaming and deleting. */
import type { FileAttributes } from "./file-name.ts";
import {
  decodeFileAttributes,
  decodeFileName,
  encodeFileAttributes,
  encodeFileName,
  expectFileName,
} from "./file-name.ts";
import type { Service } from "./service.ts";
import { flag } from "./service.ts";

export interface FileDirectoryRequest {
  readonly service: "fileDirectory";
  /** A file or a folder; undefined, or empty, of all. */
  readonly name?: string | undefined;
  readonly continueAfter?: string | undefined;
}

export interface FileDirectoryResponse {
  readonly service: "fileDirectory";
  readonly files: readonly (FileAttributes & { readonly name: string })[];
  readonly moreFollows: boolean;
}

export const fileDirectory: Service<FileDirectoryRequest, FileDirectoryResponse> = {
  service: "fileDirectory",
  requestTag: 0xbf4d,
  responseTag: 0xbf4d,
  decodeRequest(reader) {
    const inner = reader.inner();
    let name: string | undefined;
    let continueAfter: string | undefined;
    while (inner.next()) {
      if (inner.tag === 0xa0) name = decodeFileName(inner);
      else if (inner.tag === 0xa1) continueAfter = decodeFileName(inner);
    }
    return {
      service: "fileDirectory",
      ...(name === undefined ? {} : { name }),
      ...(continueAfter === undefined ? {} : { continueAfter }),
    };
  },
  encodeRequest(out, { name, continueAfter }) {
    const mark = out.written;
    if (continueAfter !== undefined) encodeFileName(out, 0xa1, continueAfter);
    if (name !== undefined) encodeFileName(out, 0xa0, name);
    out.wrap(0xbf4d, mark);
  },
  decodeResponse(reader) {
    const inner = reader.inner();
    const files: (FileAttributes & { name: string })[] = [];
    const list = inner.expect(0xa0, "files").inner().expect(0x30, "a list of files").inner();
    while (list.at < list.end) {
      const entry = list.expect(0x30, "a file").inner();
      const name = expectFileName(entry, 0xa0, "the name of a file");
      files.push({ name, ...decodeFileAttributes(entry.expect(0xa1, "attributes of a file")) });
    }
    return { service: "fileDirectory", files, moreFollows: flag(inner, 0x81, false) };
  },
  encodeResponse(out, { files, moreFollows }) {
    const mark = out.written;
    if (moreFollows) out.boolean(0x81, true);
    const list = out.written;
    for (const file of files.toReversed()) {
      const start = out.written;
      encodeFileAttributes(out, file);
      encodeFileName(out, 0xa0, file.name);
      out.wrap(0x30, start);
    }
    out.wrap(0x30, list).wrap(0xa0, list).wrap(0xbf4d, mark);
  },
};

export interface ObtainFileRequest {
  readonly service: "obtainFile";
  /** Of the client, who is asked for it with fileOpen, fileRead and fileClose. */
  readonly source: string;
  readonly destination: string;
}

export interface ObtainFileResponse {
  readonly service: "obtainFile";
}

export const obtainFile: Service<ObtainFileRequest, ObtainFileResponse> = {
  service: "obtainFile",
  requestTag: 0xbf2e,
  responseTag: 0x9f2e,
  decodeRequest(reader) {
    const inner = reader.inner();
    // A third party that has the file (a0) is who asks, whatever he says.
    if (inner.bytes[inner.at] === 0xa0) inner.next();
    const source = expectFileName(inner, 0xa1, "the name of a source");
    return { service: "obtainFile", source, destination: expectFileName(inner, 0xa2, "the name of a destination") };
  },
  encodeRequest(out, { source, destination }) {
    const mark = out.written;
    encodeFileName(out, 0xa2, destination);
    encodeFileName(out, 0xa1, source);
    out.wrap(0xbf2e, mark);
  },
  decodeResponse: () => ({ service: "obtainFile" }),
  encodeResponse: (out) => void out.null(0x9f2e),
};

export interface FileRenameRequest {
  readonly service: "fileRename";
  readonly from: string;
  readonly to: string;
}

export interface FileRenameResponse {
  readonly service: "fileRename";
}

export const fileRename: Service<FileRenameRequest, FileRenameResponse> = {
  service: "fileRename",
  requestTag: 0xbf4b,
  responseTag: 0x9f4b,
  decodeRequest(reader) {
    const inner = reader.inner();
    const from = expectFileName(inner, 0xa0, "the name of a file");
    return { service: "fileRename", from, to: expectFileName(inner, 0xa1, "a name for a file") };
  },
  encodeRequest(out, { from, to }) {
    const mark = out.written;
    encodeFileName(out, 0xa1, to);
    encodeFileName(out, 0xa0, from);
    out.wrap(0xbf4b, mark);
  },
  decodeResponse: () => ({ service: "fileRename" }),
  encodeResponse: (out) => void out.null(0x9f4b),
};

export interface FileDeleteRequest {
  readonly service: "fileDelete";
  readonly name: string;
}

export interface FileDeleteResponse {
  readonly service: "fileDelete";
}

export const fileDelete: Service<FileDeleteRequest, FileDeleteResponse> = {
  service: "fileDelete",
  requestTag: 0xbf4c,
  responseTag: 0x9f4c,
  decodeRequest: (reader) => ({ service: "fileDelete", name: decodeFileName(reader) }),
  encodeRequest: (out, { name }) => encodeFileName(out, 0xbf4c, name),
  decodeResponse: () => ({ service: "fileDelete" }),
  encodeResponse: (out) => void out.null(0x9f4c),
};
