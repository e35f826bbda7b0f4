/** Encryption with a key that the system keeps (Keychain, libsecret, kwallet, DPAPI). */
export interface Cipher {
  /** False where the system keeps no key, or keeps it where everybody can read it. */
  isAvailable(): Promise<boolean>;
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects when the key is not the one used to encrypt. */
  decrypt(bytes: Uint8Array): Promise<string>;
}
