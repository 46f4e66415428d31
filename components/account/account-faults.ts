import { words } from "./words.ts";

const shortest = 12;

/** Characters as people count them: code points, as the server does. */
export const passwordFault = (password: string): string | null => {
  const count = Array.from(password).length;
  return count >= shortest ? null : words.shortPassword(shortest - count);
};

export const emailFault = (email: string): string | null =>
  /^[^\s@]+@[^\s@]+$/u.test(email.trim()) ? null : words.needsEmail;
