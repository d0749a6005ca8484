import { usageBuckets } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** The sum of two usages, bucket by bucket; buckets that neither has stay absent. */
export const addUsage = (a: Usage, b: Usage): Usage => {
  const sum: { -readonly [Bucket in keyof Usage]: Usage[Bucket] } = { ...a };
  for (const bucket of usageBuckets) {
    const more = b[bucket];
    if (more !== undefined) sum[bucket] = (a[bucket] ?? 0) + more;
  }
  return sum;
};
