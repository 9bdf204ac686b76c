/** Builds and reads Ethernet, IP, TCP, UDP and ICMP packets; pure. */
export {};
