import { typedRepository } from '../../shared/model/repository.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Returns the URL of a repository in the Hub's API: `/api/models/org/name`, `/api/datasets/org/name`,
 * `/api/spaces/org/name`.
 */
export function apiUrl({ url }: Endpoint, repo: string): string {
  const { type, id } = typedRepository(repo);
  return `${url}/api/${type}s/${id}`;
}
