/**
 * Asks Redis, which is known once its client is loaded.
 * @throws StoreError when Redis is away or does not answer
 */
export type Ask<Redis> = <T>(question: (redis: Redis) => Promise<T>) => Promise<T>;
