/** Queue names, payload schemas and the BullMQ backends. */
export {};
