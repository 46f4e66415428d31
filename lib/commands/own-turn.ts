/**
 * Tells the program that started this one that it has come to its turn, and resolves when that one has done its part.
 * @throws Error with a sentence when it fails or has ended.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      process.off("message", goOn).off("disconnect", refuse);
      settle();
    };
    const goOn = (): void => {
      finish(resolve);
    };
    const refuse = (): void => {
      finish(() => {
        reject(new Error("Drover could not be stopped for it. Nothing was changed."));
      });
    };
    process.on("message", goOn).on("disconnect", refuse);
    if (process.connected) process.send?.("ready");
    else refuse();
  });
}
