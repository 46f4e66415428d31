// Starts the whole product, reads a text and asks one question: node offline-start.ts. Prints one line of JSON.
import { networkInterfaces } from "node:os";
import { signIn } from "../../bench/person.ts";
import { newDataDir, removeDataDir, startProduct } from "../../bench/product.ts";

const dataDir = await newDataDir();
try {
  const product = await startProduct(dataDir);
  try {
    const person = await signIn(product);
    const text = "The crane on the east quay lifts boats of up to 12 tonnes.";
    await person.untilReady(await person.upload("crane.txt", new TextEncoder().encode(text)));
    const events = await person.ask("How heavy may boats be for the crane on the east quay?");
    const quotes = events.flatMap(({ event }) => (event.type === "evidence" ? event.quotes : []));
    const interfaces = Object.keys(networkInterfaces());
    console.log(JSON.stringify({ interfaces, quotes: quotes.map((quote) => quote.text) }));
  } finally {
    await product.stop();
  }
} finally {
  await removeDataDir(dataDir);
}
