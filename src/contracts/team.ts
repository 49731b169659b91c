// An organizer's team: its members, and those invited to it.

import { z } from "@hono/zod-openapi";
import type { CreatedPage } from "../db/created-page.ts";
import type { Invitation } from "../db/team-invitations-repository.ts";
import type { TeamMember } from "../db/team-repository.ts";
import { emailSchema, roleSchema } from "./auth.ts";
import { idSchema, lineSchema, nextCursorSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { createdCursorSchema, encodeCreatedCursor } from "./page-cursor.ts";

export const inviteMemberSchema = z
  .strictObject({
    email: emailSchema,
    role: roleSchema,
    name: lineSchema
      .max(200)
      .default("")
      .openapi({ description: "For somebody who has never signed in anywhere here." }),
    language: z.enum(["es", "en"]).default("es").openapi({ description: "Of the mail." }),
  })
  .openapi("InviteMember");

export const changeMemberSchema = z.strictObject({ role: roleSchema }).openapi("ChangeMember");

export const teamPageQuerySchema = pageQuerySchema.extend({
  cursor: createdCursorSchema.optional(),
});

export const teamMemberSchema = z
  .object({
    user_id: idSchema,
    email: z.string().nullable(),
    name: z.string(),
    role: roleSchema,
    joined_at: timeSchema,
  })
  .openapi("TeamMember");

export const teamPageSchema = z
  .object({ members: z.array(teamMemberSchema), next_cursor: nextCursorSchema })
  .openapi("TeamPage");

export const invitationSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    invited_at: timeSchema,
    expires_at: timeSchema.openapi({ description: "Inviting again moves it." }),
  })
  .openapi("Invitation");

export const invitationPageSchema = z
  .object({ invitations: z.array(invitationSchema), next_cursor: nextCursorSchema })
  .openapi("InvitationPage");

export function toTeamMemberBody(member: TeamMember): z.infer<typeof teamMemberSchema> {
  return {
    user_id: member.userId,
    email: member.email,
    name: member.name,
    role: member.role,
    joined_at: member.joinedAt.toISOString(),
  };
}

export function toTeamPageBody(page: CreatedPage<TeamMember>): z.infer<typeof teamPageSchema> {
  return {
    members: page.items.map(toTeamMemberBody),
    next_cursor: encodeCreatedCursor(page.next),
  };
}

export function toInvitationBody(invitation: Invitation): z.infer<typeof invitationSchema> {
  return {
    id: invitation.invitationId,
    email: invitation.email,
    name: invitation.name,
    role: invitation.role,
    invited_at: invitation.createdAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
  };
}

export function toInvitationPageBody(
  page: CreatedPage<Invitation>,
): z.infer<typeof invitationPageSchema> {
  return {
    invitations: page.items.map(toInvitationBody),
    next_cursor: encodeCreatedCursor(page.next),
  };
}
