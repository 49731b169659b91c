// Presigned PUTs to an R2 bucket through its S3 API. The signature covers type and length: a URL takes the one file it was
// made for.
// Source: developers.cloudflare.com/r2/api/s3/presigned-urls; docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

import { AwsV4Signer } from "aws4fetch";
import type { DirectUploads } from "../ports/media.ts";

export interface R2UploadSettings {
  /** The bucket's address in the S3 API. */
  url: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export function createR2Uploads(settings: R2UploadSettings): DirectUploads {
  const { url, accessKeyId, secretAccessKey } = settings;
  return {
    async allow(key, { contentType, sizeBytes, seconds }) {
      const address = new URL(`${url}/${key}`);
      address.searchParams.set("X-Amz-Expires", String(seconds));
      const headers = { "content-type": contentType, "content-length": String(sizeBytes) };
      const signed = await new AwsV4Signer({
        method: "PUT",
        url: address.href,
        headers,
        accessKeyId,
        secretAccessKey,
        service: "s3",
        region: "auto",
        signQuery: true,
        // aws4fetch leaves these two out otherwise.
        allHeaders: true,
      }).sign();
      return { url: signed.url.href, headers };
    },
  };
}
