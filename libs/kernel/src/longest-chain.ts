/** MAX_TAIL_CALL_CNT: the root and this many instances; the kernel ends a longer chain with a pass, xdp/egress aborts. */
export const LONGEST_CHAIN = 33;
