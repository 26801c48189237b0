import * as v from 'valibot';
import { actionsBot } from './people.ts';
import { type Route, route } from './Route.ts';

const question = v.strictObject({
  query: v.string(),
  variables: v.optional(v.record(v.string(), v.unknown())),
});

/** Of GraphQL only who one is, which the REST API does not tell the token of a job. */
export const graphql: readonly Route[] = [
  route({
    method: 'POST',
    pattern: '/graphql',
    permissions: [{}],
    documentation: 'graphql',
    body: question,
    handle: ({ body, token }) => {
      const asked = body.query.replace(/\s+/g, ' ').trim();
      if (!/^(?:query )?\{ viewer \{ login \} \}$/.test(asked)) {
        return {
          status: 200,
          body: { errors: [{ message: 'The double knows the viewer only.' }] },
        };
      }
      const login = token.login ?? actionsBot().login;
      return { status: 200, body: { data: { viewer: { login } } } };
    },
  }),
];
