/** Network-namespace hosts and a traffic generator for tests, the lab and benchmarks. */
export {};
