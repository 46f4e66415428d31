import { z } from "zod";

export const nodeId = z.string().regex(/^[\w.:[\]-]{1,64}$/);
export const nodeParams = z.object({ id: nodeId });
const slots = z.number().int().min(1).max(64);
const weight = z.number().positive().max(1000);
const baseUrl = z.string().min(1).max(300);

export const newNode = z.strictObject({
  id: nodeId,
  baseUrl,
  slots: slots.optional(),
  weight: weight.optional(),
});

export const nodeChange = z.strictObject({
  baseUrl: baseUrl.optional(),
  slots: slots.optional(),
  weight: weight.optional(),
});

export const modelName = z
  .string()
  .max(200)
  .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?$/);
