import { safeStorage } from 'electron';
import type { Cipher } from './cipher.ts';

/** Newer Electrons can wait for the keychain without blocking; older ones lack these. */
type AnySafeStorage = Pick<typeof safeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> &
  Partial<typeof safeStorage>;

/** Linux without a keyring: the "key" is a constant of Chromium, which keeps nothing secret. */
const NO_KEYRING: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

/** Call once the app is ready. */
export function safeStorageCipher(storage: AnySafeStorage = safeStorage): Cipher {
  return {
    isAvailable: async () => {
      if (process.platform === 'linux' && NO_KEYRING.has(storage.getSelectedStorageBackend?.() ?? '')) {
        return false;
      }
      return (await storage.isAsyncEncryptionAvailable?.()) ?? storage.isEncryptionAvailable();
    },
    encrypt: async (text) => (await storage.encryptStringAsync?.(text)) ?? storage.encryptString(text),
    decrypt: async (bytes) => {
      const encrypted = Buffer.from(bytes);
      const answer = await storage.decryptStringAsync?.(encrypted);
      return answer?.result ?? storage.decryptString(encrypted);
    },
  };
}
