// The problem document every refusal is answered with (RFC 9457).

import { z } from "@hono/zod-openapi";

const problemSchema = z
  .looseObject({
    type: z.url(),
    title: z
      .string()
      .openapi({ description: "For people; Spanish, or English by Accept-Language." }),
    status: z.int(),
    code: z
      .string()
      .openapi({ description: "For programs; never changes its meaning.", example: "sold_out" }),
    may_retry: z
      .boolean()
      .openapi({ description: "Whether the same request may succeed a little later." }),
    request_id: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string().openapi({
            description: "Which part of the request, and where in it.",
            example: "body.items.0.quantity",
          }),
          code: z.string().openapi({
            description:
              "For programs; never changes its meaning. A kind of issue of zod, such as `invalid_type`, `too_small` or `unrecognized_keys`, or a rule of ours, listed at /v1/docs/problems.",
            example: "not_after_starts_at",
          }),
          message: z.string().openapi({ description: "For people, in the language of `title`." }),
        }),
      )
      .optional()
      .openapi({ description: "With `validation_failed`: every field that needs correcting." }),
  })
  .openapi("Problem");

export type ProblemDocument = z.infer<typeof problemSchema>;

/** The answer of every route that is not a success. */
export const problemResponse = {
  description: "Refused. `code` says why; the list of codes is at /v1/docs/problems.",
  content: { "application/problem+json": { schema: problemSchema } },
};

export const movedResponse = {
  description: "The event has another slug now; `Location` has it.",
};

export const unchangedResponse = {
  description: "What the `ETag` in `If-None-Match` stands for still holds.",
};
