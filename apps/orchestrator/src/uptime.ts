/**
 * Since when this process listens. Hosts could not be heard before: their silence counts from then on, or every restart
 * would find all of them silent and fail what they are in the middle of.
 */
export class Uptime {
  constructor(readonly since: number) {}
}
