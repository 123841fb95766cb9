import type { Endpoint } from './endpoints';
import { MlflowError } from './errors';
import type { CallOptions, Http } from './http';

/** What every answer with pages has. */
interface PageAnswer {
  next_page_token?: string;
}

/**
 * The items of all pages of a call, each page fetched when its items are wanted. Throws an `MlflowError` if the server gives a page
 * token a second time: its pages would never end.
 */
export async function* pages<Request extends { page_token?: string }, Answer extends PageAnswer, Item>(
  http: Http,
  endpoint: Endpoint<Request, Answer>,
  request: Request,
  itemsOf: (answer: Answer) => readonly Item[] | undefined,
  options: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const answer = await http.call(
      endpoint,
      token === undefined ? request : { ...request, page_token: token },
      options,
    );
    yield* itemsOf(answer) ?? [];
    token = answer.next_page_token || undefined;
    if (token !== undefined && seen.has(token)) {
      throw new MlflowError(
        `${http.connection.trackingUri} answers ${endpoint.path} with the page token "${token}" again and again: its pages have no end.`,
      );
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

/** All items in a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
