import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** The key for values that leave this program, from the installation's secret. */
export const sealingKey = (secret: string): Buffer =>
  createHmac("sha256", secret).update("drover cache values 1").digest();

/**
 * The value as it may lie in a shared place: nobody without the secret reads it, and what was changed, or moved to another name, does
 * not open. Layout: nonce, tag, ciphertext.
 */
export function seal(sealKey: Buffer, name: string, value: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const encrypting = createCipheriv(cipher, sealKey, nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([encrypting.update(value), encrypting.final()]);
  return Buffer.concat([nonce, encrypting.getAuthTag(), text]);
}

/** `null` for everything that `seal` did not make under this key and name. */
export function unseal(sealKey: Buffer, name: string, sealed: Buffer): Buffer | null {
  if (sealed.length < nonceBytes + tagBytes) return null;
  const nonce = sealed.subarray(0, nonceBytes);
  const decrypting = createDecipheriv(cipher, sealKey, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    const start = decrypting.update(sealed.subarray(nonceBytes + tagBytes));
    return Buffer.concat([start, decrypting.final()]);
  } catch {
    return null;
  }
}
