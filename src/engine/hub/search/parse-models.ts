import { AppError } from '../../../shared/contract/errors.ts';
import type { Endpoint } from '../endpoint.ts';
import { failureOf } from '../listing-failure.ts';
import type { ListingFailure } from '../listing-protocol.ts';
import { type ListedModel, readModels } from '../models-listing.ts';
import { asError, INLINE_BYTES } from '../parse-listing.ts';
import { parseInThread, type ThreadContext } from '../parse-thread.ts';

/**
 * Parses a page of models sent by a server; a long one in a separate thread. `bytes` must not be used afterwards.
 * Throws `BadRequest` for what no Hub sends, `ServerError` for what is too much, and `Cancelled`.
 */
export async function parseModels(
  bytes: Uint8Array<ArrayBuffer>,
  context: ThreadContext,
): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = [];
  if (bytes.length <= INLINE_BYTES) {
    try {
      readModels(bytes, (model) => models.push(model));
    } catch (error) {
      throw problem(failureOf(error), context.endpoint);
    }
    return models;
  }
  const end = await parseInThread({ kind: 'models', bytes }, context, (reply) => {
    if ('models' in reply) models.push(...reply.models);
  });
  if ('failure' in end) throw problem(end.failure, context.endpoint);
  return models;
}

function problem(failure: ListingFailure, endpoint: Endpoint): AppError {
  if (failure.problem !== 'limit') return asError(failure, endpoint);
  const { host } = endpoint;
  const message = `${host} sent a search result that is too long to be read. Downloads are not affected.`;
  return new AppError('ServerError', message, { retryable: false, details: { host } });
}
