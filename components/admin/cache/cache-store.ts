import { cacheApi } from "#components/api/cache-endpoints.ts";
import { createResource } from "#components/api/resource.ts";

let days = 7;

export const report = createResource(() => cacheApi.cacheReport(days));

export const showDays = (chosen: number): void => {
  days = chosen;
  void report.refresh();
};
