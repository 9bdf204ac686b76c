/** Network namespaces, veth ports, addresses and routes of a host, through iproute2. */
export {};
