import { type BirdRoute, parseBirdRoutes } from './bird-routes.js';

interface Router {
  askBird(command: string): Promise<string>;
}

/** All routes that a BIRD has, in both families' tables. */
export async function showRoutes(router: Router): Promise<BirdRoute[]> {
  return parseBirdRoutes(await router.askBird('show route all'));
}

/** The routes that its import filters refused, which it keeps where its channels say so. */
export async function showRefusedRoutes(router: Router): Promise<BirdRoute[]> {
  return parseBirdRoutes(await router.askBird('show route filtered all'));
}
