/** Plugin packages: manifest, digest, signature, ELF analysis. */
export {};
