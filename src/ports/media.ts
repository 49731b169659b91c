// Stored files (QR images, event images) as services and effects see them.

export interface StoredMedia {
  bytes: ReadableStream<Uint8Array>;
  contentType: string;
  etag: string;
}

export interface MediaStore {
  put(key: string, content: { bytes: Uint8Array; contentType: string }): Promise<void>;
  get(key: string): Promise<StoredMedia | null>;
}
