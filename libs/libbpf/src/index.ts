/** A typed native addon over libbpf. */
export {};
