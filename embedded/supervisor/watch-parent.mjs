// Loaded before a program that does not know its supervisor: when that is gone, however it died, the program is asked to end.
const endWithinMs = 15_000;

const end = () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), endWithinMs).unref();
};
process.stdin.on("end", end).on("error", end).resume();
process.stdin.unref?.();
