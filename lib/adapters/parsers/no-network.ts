import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

const refuse = (): never => {
  throw new Error("A reader has no network.");
};

/**
 * Takes the network out of this process. Node 24's permission model stops file access, child processes and
 * workers, but not sockets, so every way to open one is replaced before a document is read.
 */
export function removeNetwork(): void {
  for (const name of ["connect", "bind"] as const) {
    if (name in net.Socket.prototype) Reflect.set(net.Socket.prototype, name, refuse);
    Reflect.set(dgram.Socket.prototype, name, refuse);
  }
  Reflect.set(net.Server.prototype, "listen", refuse);
  Reflect.set(dgram.Socket.prototype, "send", refuse);
  for (const name of ["lookup", "resolve", "resolve4", "resolve6", "resolveAny"] as const) {
    Reflect.set(dns, name, refuse);
    if (name in dns.promises) Reflect.set(dns.promises, name, refuse);
  }
  for (const name of ["fetch", "WebSocket", "EventSource"]) {
    if (name in globalThis) Reflect.set(globalThis, name, refuse);
  }
  syncBuiltinESMExports();
}
