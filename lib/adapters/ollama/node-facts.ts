import type { NodeFacts } from "../../ports/deployment-facts.ts";

const patienceMs = 10_000;
/** Leads to the vendor's cloud wherever that is not switched off; no such model exists. */
const cloudName = "drover-deployment-check:cloud";

interface Tags {
  readonly models?: readonly {
    readonly name: string;
    readonly digest: string;
    readonly capabilities?: readonly string[];
  }[];
}

interface Loaded {
  readonly models?: readonly {
    readonly name: string;
    readonly context_length?: number;
    readonly expires_at: string;
    readonly size: number;
    readonly size_vram: number;
  }[];
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};

const request = async (url: string, body?: object): Promise<Response> => {
  try {
    return await fetch(url, {
      signal: AbortSignal.timeout(patienceMs),
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
};

const ask = async <T>(url: string, body?: object): Promise<T> => {
  const response = await request(url, body);
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${String(response.status)}`);
  return (await response.json()) as T;
};

const refusesCloud = async (baseUrl: string): Promise<boolean> => {
  const response = await request(`${baseUrl}/api/show`, { model: cloudName });
  const text = await response.text();
  return response.status === 403 || text.includes("cloud is disabled");
};

/** Reads what a node says of itself; loads nothing and takes no slot. @throws Error with a reason in words */
export async function readNodeFacts(baseUrl: string, chatModel: string): Promise<NodeFacts> {
  const { version } = await ask<{ readonly version: string }>(`${baseUrl}/api/version`);
  const { models: installed = [] } = await ask<Tags>(`${baseUrl}/api/tags`);
  const { models: loaded = [] } = await ask<Loaded>(`${baseUrl}/api/ps`);
  const shown = await ask<{ readonly parameters?: string }>(`${baseUrl}/api/show`, {
    model: chatModel,
  }).catch(() => ({ parameters: "" }));
  return {
    version,
    installed: installed.map(({ name, digest, capabilities = [] }) => ({
      name,
      digest,
      capabilities,
    })),
    loaded: loaded.map((model) => ({
      name: model.name,
      contextTokens: model.context_length ?? 0,
      expiresAt: new Date(model.expires_at),
      graphicsBytes: model.size_vram,
      bytes: model.size,
    })),
    chatParameters: shown.parameters ?? "",
    refusesCloud: await refusesCloud(baseUrl),
  };
}
