// The organizer's team: who is in it, who is invited, and as what.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  changeMemberSchema,
  invitationPageSchema,
  invitationSchema,
  inviteMemberSchema,
  teamMemberSchema,
  teamPageQuerySchema,
  teamPageSchema,
  toInvitationBody,
  toInvitationPageBody,
  toTeamMemberBody,
  toTeamPageBody,
} from "../contracts/team.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { hostOf } from "../http/site.ts";
import { cancelInvitation } from "../services/team/cancel-invitation.ts";
import { changeMember } from "../services/team/change-member.ts";
import { inviteMember } from "../services/team/invite-member.ts";
import { listInvitations } from "../services/team/list-invitations.ts";
import { listTeam } from "../services/team/list-team.ts";
import { removeMember } from "../services/team/remove-member.ts";

export const teamRoutes = createRouter();

const common = { tags: ["team"], security: [{ session: [] }] };
const memberParams = z.object({ user_id: idSchema });

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/team",
    summary: "The members of your team, in the order they joined",
    middleware: [requireSession("team.read")] as const,
    request: { query: teamPageQuerySchema },
    responses: {
      200: jsonResponse("A page of members.", teamPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const { dependencies, actor } = context.var;
    const page = await listTeam(dependencies, actor, { after: cursor ?? null, limit });
    return context.json(toTeamPageBody(page), 200);
  },
);

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/team",
    summary: "Invite somebody by mail, or invite them again",
    description:
      "They become a member by signing in on your site within seven days, with the mail's link or one they ask for. " +
      "Inviting an address again sends another mail, with the role asked for now.",
    middleware: [requireSession("team.manage")] as const,
    request: { body: jsonBody(inviteMemberSchema) },
    responses: {
      201: jsonResponse("Invited; the mail is on its way.", invitationSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const result = await inviteMember(context.var.dependencies, context.var.actor, {
      ...context.req.valid("json"),
      host: hostOf(context.req.header("origin") ?? null)[0] ?? null,
    });
    return result.ok
      ? context.json(toInvitationBody(result.value), 201)
      : answerProblem(context, result.refusal);
  },
);

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/team/{user_id}",
    summary: "Give a member another role",
    description: "It counts everywhere within half a minute. The last owner stays owner.",
    middleware: [requireSession("team.manage")] as const,
    request: { params: memberParams, body: jsonBody(changeMemberSchema) },
    responses: {
      200: jsonResponse("The member, with that role.", teamMemberSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { user_id: userId } = context.req.valid("param");
    const { role } = context.req.valid("json");
    const { dependencies, actor } = context.var;
    const result = await changeMember(dependencies, actor, { userId, role });
    return result.ok
      ? context.json(toTeamMemberBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/team/{user_id}",
    summary: "Take a member out of the team",
    description: "Their sessions end, everywhere within half a minute. The last owner stays.",
    middleware: [requireSession("team.manage")] as const,
    request: { params: memberParams },
    responses: { 204: { description: "Not a member any more." }, default: problemResponse },
  }),
  async (context) => {
    const { user_id: userId } = context.req.valid("param");
    const result = await removeMember(context.var.dependencies, context.var.actor, userId);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/team/invitations",
    summary: "Invitations that nobody has answered, the oldest first",
    middleware: [requireSession("team.read")] as const,
    request: { query: teamPageQuerySchema },
    responses: {
      200: jsonResponse("A page of invitations.", invitationPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const { dependencies, actor } = context.var;
    const page = await listInvitations(dependencies, actor, { after: cursor ?? null, limit });
    return context.json(toInvitationPageBody(page), 200);
  },
);

teamRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/team/invitations/{id}",
    summary: "Take an invitation back",
    middleware: [requireSession("team.manage")] as const,
    request: { params: z.object({ id: idSchema }) },
    responses: {
      204: { description: "Its link does not work any more." },
      default: problemResponse,
    },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await cancelInvitation(context.var.dependencies, context.var.actor, id);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
