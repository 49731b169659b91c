// Cloudflare's cache of the location this isolate runs in, for what is the same for everybody. Names are this program's own:
// no request reaches them. What is kept may be gone at any moment.

const NAME = "public-reads";

export async function readFromLocation(name: string): Promise<Response | undefined> {
  const cache = await caches.open(NAME);
  return cache.match(addressOf(name));
}

export async function keepInLocation(
  name: string,
  body: string,
  { seconds, headers = {} }: { seconds: number; headers?: Record<string, string> },
): Promise<void> {
  const cache = await caches.open(NAME);
  const kept = { ...headers, "Cache-Control": `public, max-age=${seconds}` };
  await cache.put(addressOf(name), new Response(body, { headers: kept }));
}

function addressOf(name: string): string {
  return `https://edge-cache.invalid/${encodeURIComponent(name)}`;
}
