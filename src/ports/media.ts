// Stored files (QR images, event images) as services and effects see them.

export interface MediaFile {
  contentType: string;
  /** Quoted, ready for a header. */
  etag: string;
  /** Of the whole file, also where a part of it was read. */
  sizeBytes: number;
}

export interface StoredMedia extends MediaFile {
  bytes: ReadableStream<Uint8Array>;
}

/** A part of a file; it lies inside of it. */
export interface MediaRange {
  offset: number;
  length: number;
}

export interface MediaStore {
  put(key: string, content: { bytes: Uint8Array; contentType: string }): Promise<void>;
  find(key: string): Promise<MediaFile | null>;
  get(key: string, range?: MediaRange): Promise<StoredMedia | null>;
  /** Those that are not there count as removed. At most a thousand. */
  remove(keys: readonly string[]): Promise<void>;
}

/** A file on its way to the store without passing through here. */
export interface DirectUpload {
  url: string;
  /** To be sent with it, all of them. */
  headers: Record<string, string>;
}

export interface DirectUploads {
  /** For one file of this type and length, and no other. */
  allow(
    key: string,
    file: { contentType: string; sizeBytes: number; seconds: number },
  ): Promise<DirectUpload>;
}

export interface ImageResizer {
  /** No wider than this; null where it cannot be done. */
  resize(image: StoredMedia, widthPixels: number): Promise<Uint8Array | null>;
}
