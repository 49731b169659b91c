// What a watcher of an area receives: each message is the JSON text of one of these.

import { z } from "@hono/zod-openapi";
import type { LiveMessage } from "../../durable-objects/area-watch/messages.ts";
import { idSchema } from "./common.ts";
import { unitStatusSchema, versionSchema } from "./public.ts";

const standing = {
  version: versionSchema,
  on_sale: z.boolean().openapi({
    description:
      "Published; `sales_start_at` and `sales_end_at` of the event aside. After `false` the connection ends with code 4001.",
  }),
  counts: z.object({ available: z.int(), held: z.int(), sold: z.int(), blocked: z.int() }),
};

const snapshotSchema = z
  .object({ kind: z.literal("snapshot"), ...standing })
  .openapi({ description: "The first message: the area as it is." });

const changesSchema = z
  .object({
    kind: z.literal("changes"),
    ...standing,
    changes: z.array(z.object({ id: idSchema, status: unitStatusSchema })),
  })
  .openapi({
    description:
      "Every unit that changed since the message before, as it is now. None when only `on_sale` changed.",
  });

const reloadSchema = z
  .object({ kind: z.literal("reload"), ...standing })
  .openapi({ description: "Units were added, or too many changed to tell: load the map anew." });

export const liveMessageSchema = z
  .discriminatedUnion("kind", [snapshotSchema, changesSchema, reloadSchema])
  .openapi("LiveMessage") satisfies z.ZodType<LiveMessage>;

/** How a storefront follows a sale, for the route's description. */
export const liveDescription = `
Answers \`Upgrade: websocket\`. Each message is the JSON text of a \`LiveMessage\`: one \`snapshot\` at once, then \`changes\` or
\`reload\`, at most one a second and only when there is something to tell. A map of units is kept like this:

1. Connect, and keep what arrives. Load the map (\`…/units\`, every page). A page with a lower \`version\` than the snapshot is
   too old: load it again a second later.
2. Apply \`changes\` in their order; those with a version up to a page's own are in that page already.
3. After \`reload\`, do the same as after \`snapshot\`.
4. Send the text \`ping\` every half a minute; the answer is the text \`pong\`. A connection without traffic is cut on its way.
   Whatever else is sent is ignored, and large or many messages end the connection with code 1008.
5. When the connection ends with code 4001, reason \`area_closed\`, the event is not on sale any more: unpublished, out of
   sight, deleted, postponed, cancelled or over. The message before said \`on_sale: false\`. Do not connect again by yourself,
   but load the event: 404 when it is not public any more. An area that is sold out, or whose sales have not begun or have
   ended by the event's times, keeps its watchers.
6. When it ends with any other code, connect again after a few seconds, at random: everybody else does too.

An area has room for 20,000 watchers. Who finds none (\`service_overloaded\`) reads \`…/availability\` instead.
`;
