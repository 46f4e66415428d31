import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { statusMessages, type NodeCondition } from "./status-messages.ts";

const models = { chat: "smollm2:135m", embedding: "all-minilm" };
const node = (id: string, change: Partial<NodeCondition> = {}): NodeCondition => ({
  id,
  status: { kind: "available" },
  hasChatModel: true,
  hasEmbedModel: true,
  resident: true,
  ...change,
});
const away = { status: { kind: "unreachable" } } as const;

const codes = (...given: Parameters<typeof statusMessages>): readonly string[] => {
  const { state, messages } = statusMessages(...given);
  return [state, ...messages.map((message) => message.code)];
};

describe("statusMessages", () => {
  it("has nothing to tell when all is well", () => {
    const processes = [{ name: "database", status: "running" }] as const;
    expect(statusMessages([node("a"), node("b")], processes, models)).toEqual({
      state: "ok",
      messages: [],
    });
  });

  it("tells what is missing and what it means", () => {
    expect(codes([node("a"), node("b", away)], [], models)).toEqual(["degraded", "nodes_missing"]);
    expect(codes([node("a", away)], [], models)).toEqual(["degraded", "no_node"]);
    expect(codes([], [], models)).toEqual(["degraded", "no_node"]);
    expect(codes([node("a", { status: { kind: "draining" } })], [], models)).toEqual([
      "degraded",
      "nodes_draining",
    ]);
    expect(codes([node("a", { hasChatModel: false, resident: false })], [], models)).toEqual([
      "degraded",
      "chat_model_missing",
    ]);
    expect(codes([node("a", { hasEmbedModel: false, resident: false })], [], models)).toEqual([
      "degraded",
      "embed_model_missing",
    ]);
    const ejected = { status: { kind: "ejected", until: milliseconds(5) } } as const;
    expect(codes([node("a"), node("b", ejected)], [], models)[0]).toBe("degraded");
  });

  it("says that models load until one node has them in memory", () => {
    const loading = node("a", { resident: false });
    expect(codes([loading], [], models)).toEqual(["starting", "models_loading"]);
    expect(codes([loading, node("b")], [], models)).toEqual(["ok"]);
  });

  it("names the programs that start, restart or stand still, in plain words", () => {
    const { state, messages } = statusMessages(
      [node("a")],
      [
        { name: "app", status: "starting" },
        { name: "node-2", status: "restarting" },
        { name: "database", status: "stopped" },
      ],
      models,
    );
    expect(state).toBe("degraded");
    expect(messages).toEqual([
      { code: "part_starting", text: "The app is starting." },
      { code: "part_restarting", text: "Node 2 stopped and is being started again." },
      { code: "part_stopped", text: "The database is not running." },
    ]);
  });
});
