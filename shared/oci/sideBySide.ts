/**
 * Does the work for each item, at most so many at a time, and gives the results in the items' order.
 * After a failure nothing new is begun; what runs is awaited, so that nothing goes on behind the
 * caller's back.
 *
 * @throws what failed first
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  atMost: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atMost, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
